/* traits.h - what of a function could matter to the recursion of its callers. Kept for every
 * function, so that only few have to be looked into. */
#ifndef DEPTH_TRAITS_H
#define DEPTH_TRAITS_H

#include "ir/ir.h"

enum {
  TRAIT_COUNTS = 1,        // changes what it has read from memory, by a sum or a difference
  TRAIT_STACK_ADDRESS = 2, // uses the address of a local as a number
};

uint8_t depth_traits(const Function *);

#endif
