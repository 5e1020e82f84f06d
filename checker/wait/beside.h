/* beside.h - does main come by a place while other threads run? Not before the first is created,
 * nor after all were joined. Asked of the way that leads there, so code is loaded. */
#ifndef WAIT_BESIDE_H
#define WAIT_BESIDE_H

#include "link/multiplicity.h"
#include "wait/waits.h"

/* The places on the way are looked at for joins of threads whose handle is of that class, too: they
 * are over by then, wherever it runs. */
bool runs_after_join(Waits *, Multiplicities *, uint32_t function, uint32_t instruction,
                     TextId handle);
bool runs_beside_threads(Waits *, Multiplicities *, uint32_t function, uint32_t instruction);

#endif
