/* guard.c - see guard.h */
#include "base/guard.h"

#ifdef OVERSTAY_DEV

#include <stdlib.h>
#include <string.h>

bool guard_on(const char *name) {
  const char *list = getenv("OVERSTAY_WITHOUT");
  size_t length = strlen(name);
  while (list && *list) {
    size_t part = strcspn(list, ",");
    if (part == length && !strncmp(list, name, length))
      return false;
    list += part;
    list += *list == ',';
  }
  return true;
}

const char *test_hook(const char *variable) { return getenv(variable); }

#else

typedef int guards_are_fixed; // a translation unit is never empty

#endif
