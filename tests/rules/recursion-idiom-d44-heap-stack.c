/* IDIOMS D44: a parser with a stack of its own on the heap; push and pop are not calls of itself.
 * The stack next to it grows, and so do the calls. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct level {
  int open;
  long count;
};

struct parser {
  struct level *levels;
  size_t count, capacity;
};

static bool parser_push(struct parser *parser, int open) {
  if (parser->count == parser->capacity) {
    size_t capacity = parser->capacity ? parser->capacity * 2 : 16;
    struct level *levels = realloc(parser->levels, capacity * sizeof(*levels));
    if (!levels)
      return false;
    parser->levels = levels;
    parser->capacity = capacity;
  }
  parser->levels[parser->count++] = (struct level){open, 0};
  return true;
}

static long parser_pop(struct parser *parser) { return parser->levels[--parser->count].count; }

long parse(FILE *file) {
  struct parser parser = {0};
  long most = 0;
  for (int c; (c = fgetc(file)) != EOF;) {
    if (c == '[' && !parser_push(&parser, c))
      break;
    if (c == ']' && parser.count) {
      long count = parser_pop(&parser);
      most = count > most ? count : most;
    } else if (parser.count) {
      parser.levels[parser.count - 1].count++;
    }
  }
  free(parser.levels);
  return most;
}

long parse_by_calls(FILE *file, struct parser *parser) {
  long most = 0;
  for (int c; (c = fgetc(file)) != EOF && c != ']';)
    if (c == '[' && parser_push(parser, c)) {
      long inner = parse_by_calls(file, parser); // expect: recursion-unbounded "the nesting of what is read"
      most = inner > most ? inner : most;
      parser_pop(parser);
    }
  return most + 1;
}
