/* target.h - which machine a compile command is for, and which of its machine names libclang
 * knows: one that it does not know makes it refuse the whole unit. */
#ifndef INPUT_TARGET_H
#define INPUT_TARGET_H

#include <stdbool.h>

#include "base/arena.h"

typedef enum { MACHINE_X86, MACHINE_ARM, MACHINE_AARCH64, MACHINE_RISCV, MACHINE_OTHER } Machine;

Machine machine_of_host(void);
/* False when libclang does not know the architecture that the triple begins with. */
bool machine_of_triple(const char *triple, Machine *);

/* The triple in the name of a cross compiler: "arm-linux-gnueabihf-gcc-12" gives
 * "arm-linux-gnueabihf"; NULL when the name has none. */
const char *triple_of_driver(Arena *, const char *driver);

/* The name without folder, triple and version: "gcc", "clang++", "c99". */
const char *driver_kind(Arena *, const char *driver);

/* Whether libclang takes "-march=NAME" or another "-m..." flag (whole text) for this machine. */
bool machine_knows(Machine, const char *flag);

#endif
