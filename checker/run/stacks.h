/* stacks.h - what the options say of stacks: --platform, --stack and --stack-usage. */
#ifndef RUN_STACKS_H
#define RUN_STACKS_H

#include "cli/options.h"
#include "rule/stacks/stack.h"

/* Ends the process (2) for what cannot be understood. */
const StackOptions *stack_options(Arena *, const Options *);

#endif
