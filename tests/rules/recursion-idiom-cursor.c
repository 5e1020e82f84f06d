/* Parsers say in several ways that there is more to read; none of them is a limit on how deep they
 * nest, as a count of the levels is. */
#include <stddef.h>
#include <string.h>

enum { LEVELS = 64 };

struct reader {
  const char *text, *at, *end;
  unsigned position, length, level;
};

int by_pointer(struct reader *reader) {
  int count = 1;
  while (reader->at < reader->end)
    if (*reader->at++ == '(')
      count += by_pointer(reader); // expect: recursion-unbounded "the nesting of what is read"
  return count;
}

int by_position(struct reader *reader) {
  int count = 1;
  while (reader->position < reader->length)
    if (reader->text[reader->position++] == '(')
      count += by_position(reader); // expect: recursion-unbounded "the nesting of what is read"
  return count;
}

int by_argument(const char **at, const char *end) {
  int count = 1;
  while (*at < end)
    if (*(*at)++ == '(')
      count += by_argument(at, end); // expect: recursion-unbounded "the nesting of what is read"
  return count;
}

int by_index(const char *text, int *at, int length) {
  int count = 1;
  while (*at < length)
    if (text[(*at)++] == '(')
      count += by_index(text, at, length); // expect: recursion-unbounded "the nesting of what is read"
  return count;
}

int by_search(const char *text) {
  int count = 1;
  for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{'))
    count += by_search(at + 1); // expect: recursion-unbounded "the nesting of what is read"
  return count;
}

/* A cursor that steps back before it goes on looks like a count that is put back, until the callee
 * that moves it, too, is looked into. */
struct buffer {
  const unsigned char *content;
  size_t length, offset;
};

static void skip_blanks(struct buffer *buffer) {
  while (buffer->offset < buffer->length && buffer->content[buffer->offset] <= 32)
    buffer->offset++;
  if (buffer->offset == buffer->length)
    buffer->offset--;
}

int by_offset(struct buffer *buffer) {
  if (buffer->content[buffer->offset] != '[')
    return 0;
  buffer->offset++;
  skip_blanks(buffer);
  if (buffer->offset >= buffer->length) {
    buffer->offset--;
    return 0;
  }
  buffer->offset--;
  do {
    buffer->offset++;
    skip_blanks(buffer);
    if (!by_offset(buffer)) // expect: recursion-unbounded "the nesting of what is read"
      return 0;
    skip_blanks(buffer);
  } while (buffer->offset < buffer->length && buffer->content[buffer->offset] == ',');
  return 1;
}

int counted(struct reader *reader) {
  int count = 1;
  if (reader->level >= LEVELS)
    return -1;
  reader->level++;
  while (reader->at < reader->end)
    if (*reader->at++ == '(')
      count += counted(reader);
  reader->level--;
  return count;
}
