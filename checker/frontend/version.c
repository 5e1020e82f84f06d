/* version.c - see version.h */
#include "frontend/version.h"

#include <clang-c/Index.h>

const char *frontend_version(Arena *arena) {
  CXString version = clang_getClangVersion();
  const char *text = arena_text(arena, clang_getCString(version));
  clang_disposeString(version);
  return text;
}
