#include "shared.h"

static void begin_inner(void) {} // runs: once init run
static void step_inner(void) {}  // runs: any run
static void for_others(void) {}  // runs: any run assumed

void shared_begin(void) { begin_inner(); } // runs: once init run
void shared_step(void) { step_inner(); }   // runs: any run
void shared_unused(void) { for_others(); } // runs: any run assumed
