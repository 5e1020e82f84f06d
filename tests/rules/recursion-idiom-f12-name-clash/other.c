#include "pool.h"

static void *grab(size_t size) { return pool_take(size + 1); }

void *take_more(size_t size) { return grab(size); }
