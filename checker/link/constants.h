/* constants.h - integer globals that keep the value of their initialiser: nothing in the program
 * stores into them or takes their address. `const` is not asked for, only believed: what nobody
 * sets is what it began with.
 */
#ifndef LINK_CONSTANTS_H
#define LINK_CONSTANTS_H

#include "link/program.h"

typedef struct Constants Constants;

/* `is_whole`: no unit of the program is missing. */
Constants *constants_new(const Program *, bool is_whole);
void constants_free(Constants *);

/* For the code of `reader`. False when the value is not known. */
bool constants_find(const Constants *, const ProgramFunction *reader, TextId symbol,
                    int64_t *value);

#endif
