/* A parser that asks a helper whether the next character is the one it wants, and one whose helper
 * counts the depth, too.
 *
 * Known gap: only the helper sees the text, so nothing is seen to move, and it is told as info. */
#include <stdbool.h>

struct reader {
  const char *at, *end;
  int depth;
};

static bool accept_next(struct reader *reader, char wanted) {
  if (reader->at == reader->end || *reader->at != wanted)
    return false;
  reader->at++;
  return true;
}

static bool read_group(struct reader *reader) {
  if (!accept_next(reader, '('))
    return accept_next(reader, '1');
  return read_group(reader) && accept_next(reader, ')'); // expect-miss: recursion-unbounded
}

static bool enter_next(struct reader *reader, char wanted) {
  return accept_next(reader, wanted) && ++reader->depth <= 100;
}

static bool read_limited(struct reader *reader) {
  if (!enter_next(reader, '('))
    return accept_next(reader, '1');
  bool good = read_limited(reader) && accept_next(reader, ')');
  reader->depth--;
  return good;
}

bool check(const char *text, const char *end) {
  struct reader reader = {text, end, 0}, limited = reader;
  return read_group(&reader) && read_limited(&limited);
}
