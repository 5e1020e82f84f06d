// What is opened travels inside of a struct that is returned and handed over by value.
// mechanism: by-value
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct text {
  char *bytes;
  size_t length;
};

static struct text text_of(const char *from) {
  struct text text = {strdup(from), strlen(from)};
  return text;
}

static void text_drop(struct text text) { free(text.bytes); }

int send_all(int to, const char *words) {
  struct text text = text_of(words);
  if (!text.bytes)
    return -1;
  int result = write(to, text.bytes, text.length) < 0 ? -1 : 0;
  text_drop(text);
  return result;
}

int send_some(int to, const char *words) {
  struct text text = text_of(words); // note: "opened by 'text_of' here"
  if (!text.bytes)
    return -1;
  if (write(to, text.bytes, text.length) < 0)
    return -1; // expect: resource-leak "the memory 'text' is not freed when 'send_some' returns here"
  text_drop(text); // note: "another way gives it back here"
  return 0;
}
