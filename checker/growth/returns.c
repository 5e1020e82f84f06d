/* returns.c - see returns.h. */
#include "growth/returns.h"

/* &table[i], or table[i]: of several places the one that is not inside of a list. */
static void keep_return(Facting *x) {
  const Meaning *given = NULL;
  uint32_t instruction = 0;
  for (size_t i = 0; i < x->writes.count; i++) {
    const Write *write = &x->writes.at[i];
    if (!write_returns(x->own, write))
      continue;
    for (uint32_t m = 0; m < write->value.count; m++) {
      Meaning *value = arena_copy(x->scratch, &write->value.at[m], sizeof *value);
      PathKind root = (PathKind)path_at(x->own, path_first(x->own, value->path))->kind;
      if (value->kind == MEANS_INSIDE)
        *value = (Meaning){.kind = MEANS_ADDRESS, .path = meaning_target(x->own, value)};
      if (value->kind == MEANS_ZERO || (value->path && path_linked(x->own, value->path)))
        continue;
      bool told = (value->kind == MEANS_CONTENT || value->kind == MEANS_ADDRESS) &&
                  (root == PATH_PARAMETER || root == PATH_GLOBAL);
      if (!told || (given && (given->path != value->path || given->kind != value->kind)))
        return;
      given = value;
      instruction = write->instruction;
    }
  }
  if (given)
    keep_touch(x, (Touch){.kind = TOUCH_RETURNS,
                          .instruction = instruction,
                          .path = given->path,
                          .address = given->kind == MEANS_ADDRESS});
}

/* return made, and that is the result of one call, or nothing: it may be new. */
static void keep_new(Facting *x) {
  PathId given = 0;
  uint32_t instruction = 0;
  for (size_t i = 0; i < x->writes.count; i++) {
    const Write *write = &x->writes.at[i];
    if (!write_returns(x->own, write))
      continue;
    for (uint32_t m = 0; m < write->value.count; m++) {
      const Meaning *value = &write->value.at[m];
      if (value->kind == MEANS_ZERO)
        continue;
      if (value->kind != MEANS_CONTENT || (given && given != value->path) ||
          path_at(x->own, value->path)->kind != PATH_RESULT)
        return;
      given = value->path;
      instruction = write->instruction;
    }
  }
  if (given && !x->is_main)
    keep_touch(x, (Touch){.kind = TOUCH_RETURNS,
                          .flags = TOUCH_FRESH,
                          .instruction = instruction,
                          .path = given});
}

void keep_returns(Facting *x) {
  keep_return(x);
  keep_new(x);
}
