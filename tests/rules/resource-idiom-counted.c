/* A macro gives an object back when nobody counts on it any more. */
// mechanism: kept-by-count
// run: --min-confidence possible
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct buffer {
  int references;
  char *bytes;
};

static inline int count_down(int *count) {
  int left = --*count;
  if (left < 0)
    abort();
  return left;
}

static void destroy(struct buffer *buffer) {
  free(buffer->bytes);
  free(buffer);
}

#define BUFFER_DROP(buffer)                                                                        \
  do {                                                                                             \
    if (count_down(&(buffer)->references) > 0)                                                     \
      break;                                                                                       \
    destroy(buffer);                                                                               \
  } while (0)

static struct buffer *new_buffer(size_t size) {
  struct buffer *buffer = malloc(sizeof *buffer);
  if (!buffer)
    return NULL;
  buffer->references = 1;
  buffer->bytes = malloc(size);
  if (!buffer->bytes) {
    free(buffer);
    return NULL;
  }
  return buffer;
}

void enqueue(struct buffer *);

int sends(const char *text) {
  struct buffer *buffer = new_buffer(64);
  if (!buffer)
    return -1;
  if (strlen(text) > 63) {
    BUFFER_DROP(buffer);
    return -1;
  }
  strcpy(buffer->bytes, text);
  BUFFER_DROP(buffer);
  return 0;
}

int sends_short(const char *text) {
  struct buffer *buffer = new_buffer(64); // note: "opened by 'new_buffer' here"
  if (!buffer)
    return -1;
  if (strlen(text) > 63)
    return -1; // expect: resource-leak "the memory 'buffer' is not freed"
  strcpy(buffer->bytes, text);
  BUFFER_DROP(buffer);
  return 0;
}

static int begin(int *count) { return *count > 5 ? -1 : 0; }

/* Who gives it back for an error says nothing of the ways on from there. */
int starts(const char *text) {
  struct buffer *buffer = new_buffer(64); // note: "opened by 'new_buffer' here"
  if (!buffer)
    return -1;
  if (begin(&buffer->references) < 0) {
    destroy(buffer);
    return -1;
  }
  if (strlen(text) > 63)
    return -1; // expect: resource-leak "the memory 'buffer' is not freed"
  destroy(buffer);
  return 0;
}
