/* given.h - what the configuration says is linked with what. */
#ifndef RUN_GIVEN_H
#define RUN_GIVEN_H

#include "run/project.h"

/* Bits of the programs that a unit belongs to, in the order of the configuration. */
uint64_t given_programs(const Options *, Roots, const char *source);

Hash given_hash(const Project *); // of all answers

/* Says for which programs there is no unit: a folder may have got another name. */
void given_check(const Project *);

#endif
