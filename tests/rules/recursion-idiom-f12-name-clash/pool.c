/* R-F12: functions that only look as if they called themselves: a wrapper named as what it wraps
 * and finds at run time, a macro that renames, an alias, and a static function of the same name in
 * another file. */
// run: --min-confidence possible
#define _GNU_SOURCE
#include "pool.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static void *(*real_realloc)(void *, size_t);
static size_t taken;

void *realloc(void *block, size_t size) {
  if (!real_realloc)
    real_realloc = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
  taken += size;
  return real_realloc(block, size);
}

/* What the header of the library says in some builds. */
size_t library_size(void *block);
#define pool_size(block) library_size(block)

#undef pool_size
#define HAVE_LIBRARY_SIZE 1
size_t pool_size(void *block) {
#if HAVE_LIBRARY_SIZE
#define pool_size(block) library_size(block)
  return pool_size(block) + sizeof(size_t);
#undef pool_size
#else
  return ((size_t *)block)[-1];
#endif
}

int real_puts(const char *text) __asm__("puts");

int puts(const char *text) {
  int c = real_puts == puts ? EOF : fputs(text, stderr);
  return c;
}

static void *grab(size_t size) { return realloc(NULL, size); }

void *pool_take(size_t size) { return grab(size); }

/* This one does call itself, under its own name. */
void pool_give(void *block) {
  void **inner = block;
  if (inner && *inner)
    pool_give(*inner); // expect: recursion-unbounded
  free(block);
}
