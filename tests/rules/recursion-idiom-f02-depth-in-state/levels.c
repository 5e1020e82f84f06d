#include "json.h"

bool enter_level(struct reader *reader) {
  if (++reader->levels > LEVEL_LIMIT) {
    reader->failed = true;
    return false;
  }
  return true;
}

void leave_level(struct reader *reader) { reader->levels--; }

void count_level(struct reader *reader) { reader->levels++; }
