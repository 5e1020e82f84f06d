/* cycles.h - the cycles of calls that nothing bounds as a picture: DOT, SVG, or JSON for others. */
#ifndef REPORT_CYCLES_H
#define REPORT_CYCLES_H

#include <stdio.h>

#include "store/rounds.h"

void cycles_dot(FILE *, const CallCycles *);
void cycles_svg(FILE *, const CallCycles *);
void cycles_json(FILE *, const CallCycles *);

#endif
