/* R-F2, IDIOMS D39: the depth is counted in the state that the parser hands on; the limit is tested
 * where it is counted, in a callee, or in one function of the cycle only. */
#include "json.h"
#include <stdlib.h>

struct value *new_value(void) { return calloc(1, sizeof(struct value)); }

bool read_array(struct reader *reader, struct value *value) {
  struct value **last = &value->child;
  if (reader->depth >= NESTING_LIMIT)
    return false;
  reader->depth++;
  for (reader->at++; reader->at < reader->end && *reader->at != ']';) {
    *last = new_value();
    if (!*last || !read_value(reader, *last))
      return false; /* the count stays too high: sooner at the limit, and no deeper */
    last = &(*last)->next;
    if (reader->at < reader->end && *reader->at == ',')
      reader->at++;
  }
  reader->depth--;
  return reader->at++ < reader->end;
}

bool read_value(struct reader *reader, struct value *value) {
  char *end;
  if (reader->at >= reader->end)
    return false;
  if (*reader->at == '[')
    return read_array(reader, value);
  value->number = strtod(reader->at, &end);
  reader->at = end;
  return true;
}

/* Known gap: a cursor that is compared with the end of the text passes for a count with a limit. */
static bool read_array_uncounted(struct reader *reader, struct value *value) {
  struct value **last = &value->child;
  for (reader->at++; reader->at < reader->end && *reader->at != ']';) {
    *last = new_value();
    if (!*last || !read_value_uncounted(reader, *last)) // expect: recursion-unbounded
      return false;
    last = &(*last)->next;
    if (reader->at < reader->end && *reader->at == ',')
      reader->at++;
  }
  return reader->at++ < reader->end;
}

bool read_value_uncounted(struct reader *reader, struct value *value) {
  char *end;
  if (reader->at >= reader->end)
    return false;
  if (*reader->at == '[')
    return read_array_uncounted(reader, value);
  value->number = strtod(reader->at, &end);
  reader->at = end;
  return true;
}
