/* guard.h - protections that a test can switch off, to see that it would notice.
 *
 * Every fault in tests/faults/ has a guard against it here in the code. A test counts only after
 * it was seen to fail without its guard, so builds for development (OVERSTAY_DEV) read the
 * environment variable OVERSTAY_WITHOUT: a list of guards, separated by commas, that are
 * left out. In other builds guards cannot be switched off.
 */
#ifndef BASE_GUARD_H
#define BASE_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#ifdef OVERSTAY_DEV
bool guard_on(const char *name);
const char *test_hook(const char *variable); // an environment variable, NULL when not set
#else
static inline bool guard_on(const char *name) {
  (void)name;
  return true;
}
static inline const char *test_hook(const char *variable) {
  (void)variable;
  return NULL;
}
#endif

#endif
