/* A text that is gone through name by name, each the name of a file with more of them. That the next
 * text is read is seen in what one of the functions calls, and no letter is asked for. */
// flags: -D_GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct text {
  char *at;
  size_t length;
};

static long read_some(int file, void *to, size_t size) { return read(file, to, size); }

static int read_all(const char *name, struct text *text) {
  int file = open(name, O_RDONLY);
  text->at = file < 0 ? NULL : calloc(1, 65536);
  long length = text->at ? read_some(file, text->at, 65535) : -1;
  text->length = length > 0 ? (size_t)length : 0;
  return length > 0 ? 0 : -1; // expect: resource-leak "'file'"
}

void add_names(const char *names);

static void add_file(const char *name) {
  struct text more = {0};
  if (!read_all(name, &more))
    add_names(more.at); // expect: recursion-unbounded "the nesting of what is read"
  free(more.at);
}

static void add_name(const char *name, size_t length) {
  char *copy = strndup(name, length);
  add_file(copy);
  free(copy);
}

void add_names(const char *names) {
  while (*names) {
    size_t length = strcspn(names, "\n");
    add_name(names, length);
    names += length + (names[length] != '\0');
  }
}

/* Nothing is read here: what the text of each member is asked for says nothing of the depth. */
struct member {
  const char *name;
  struct member *(*owner)(struct member *);
};

struct member *owner_of(struct member *);

int count_owners(struct member *member) {
  struct member *owner = owner_of(member);
  size_t length = 0;
  while (member->name[length])
    length++;
  return owner ? 1 + count_owners(owner) + (length > 8) : 0;
}
