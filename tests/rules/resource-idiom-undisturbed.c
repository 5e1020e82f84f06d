/* A function that is given the address of what holds it, and only looks at it, leaves it there. */
// mechanism: undisturbed
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text {
  char *bytes;
  size_t size;
};

static char *latest;

static size_t length(const struct text *text) { return text->bytes[0] ? strlen(text->bytes) : 0; }

static void drop(struct text *text) { free(text->bytes); }

static void remember(struct text *text) { latest = text->bytes; }

static void hand_over(struct text *text, char **into) { *into = text->bytes; }

static char *bytes_of(struct text *text) { return text->bytes; }

static void forget(struct text *text) { text->bytes = NULL; }

static void copy(struct text *into, const struct text *from) { *into = *from; }

static void print(char **lines) { puts(lines[1]); }

static struct text make(size_t size) {
  struct text text = {malloc(size), size};
  return text;
}

int dropped(size_t size) {
  struct text made = make(size);
  size_t all = length(&made);
  drop(&made);
  struct text own = {malloc(size), size};
  if (!own.bytes)
    return -1;
  all += length(&own);
  drop(&own);
  return (int)all;
}

int kept_by_others(size_t size, char **into, struct text *to) {
  struct text one = {malloc(size), 0}, two = {malloc(size), 0}, three = {malloc(size), 0};
  remember(&one);
  hand_over(&two, into);
  copy(to, &three);
  return length(&one) + length(&two) > size;
}

void returned(size_t size) {
  struct text text = {malloc(size), size};
  free(bytes_of(&text));
  struct text gone = {malloc(size), size};
  latest = gone.bytes;
  forget(&gone);
}

int one_is_lost(size_t size) {
  struct text text;
  text.size = size;
  text.bytes = malloc(size); // note: "opened by 'malloc' here"
  if (!text.bytes)
    return -1;
  if (length(&text) > size)
    return -1; // expect: resource-leak "the memory 'text.bytes' is not freed"
  drop(&text);
  return 0;
}

void lines_are_lost(void) {
  char *lines[2] = {"", malloc(16)};
  if (!lines[1])
    return;
  strcpy(lines[1], "text");
  print(lines);
} // expect: resource-leak "the memory 'lines' is not freed"
