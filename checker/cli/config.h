/* config.h - .overstay.ini as it stands there: keys and values with their lines. */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdint.h>

#include "base/arena.h"

typedef struct {
  const char *key; // "jobs", or "hook.partial" for `partial` in the section [hook]
  const char *value;
  uint32_t line;
} ConfigEntry;

typedef struct {
  const char *path;   // absolute
  const char *shown;  // as messages name it
  const char *folder; // where it stands
  const char *tree;   // up to the first .git; without one its folder
  ConfigEntry *entries;
  size_t count, capacity;
} Config;

/* The nearest .overstay.ini from the current directory up to the first .git; NULL: there is none.
 */
const char *config_find(Arena *);

/* Ends the process (2) when it cannot be read, or is no such file. */
Config config_read(Arena *, const char *path);

#endif
