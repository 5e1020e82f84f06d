/* version.h - which libclang does the reading. */
#ifndef FRONTEND_VERSION_H
#define FRONTEND_VERSION_H

#include "base/arena.h"

const char *frontend_version(Arena *); // "Debian clang version 19.1.7 (3~deb12u1)"

#endif
