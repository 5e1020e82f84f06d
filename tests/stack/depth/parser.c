// A parser of nested lists: two functions call each other.
// stack: 512K
#include "level.h"

volatile long *level;

struct parser {
  const char *at;
  int errors;
};

static int list(struct parser *parser, int sign);

static int value(struct parser *parser, int sign) {
  ++*level;
  if (*parser->at == '[') {
    int found = list(parser, -sign);
    parser->errors += found < 0;
    return found;
  }
  return *parser->at == '1' ? sign : 0;
}

static int list(struct parser *parser, int sign) {
  int count = 0;
  for (;;) {
    int found = value(parser, sign);
    if (!found)
      return parser->errors ? -1 : count;
    count += found;
  }
}

int main(int count, char **arguments) {
  struct parser parser = {"[", 0}; // which never ends: at is not moved
  (void)count;
  level = level_begin(arguments[1]);
  return value(&parser, 1);
}
