#include <stdbool.h>
#include <stddef.h>

struct value {
  struct value *next, *child;
  double number;
};

struct reader {
  const char *at, *end;
  size_t depth;
  unsigned levels;
  bool failed;
};

enum { NESTING_LIMIT = 1000, LEVEL_LIMIT = 200 };

bool enter_level(struct reader *reader);
void leave_level(struct reader *reader);
void count_level(struct reader *reader);

struct value *new_value(void);
bool read_value(struct reader *reader, struct value *value);
bool read_value_uncounted(struct reader *reader, struct value *value);
