/* files.h - the files of a unit; what a worker keeps from unit to unit. */
#ifndef FRONTEND_FILES_H
#define FRONTEND_FILES_H

#include "frontend/state.h"

struct Frontend {
  CXIndex index;
  Arena *arena;      // of what is kept
  Map system_header; // hash of flags and path -> whether it is one
};

void files_of_unit(Frontend *, State *);
void files_missing(State *, const char *name, size_t length); // looked for and not found

#endif
