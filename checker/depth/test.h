/* test.h - what a branch says about what the function was given. */
#ifndef DEPTH_TEST_H
#define DEPTH_TEST_H

#include "depth/flow.h"

/* On which sides of what it is compared with a token is when the test holds. */
enum { SIDE_BELOW = 1, SIDE_ABOVE = 2, SIDE_EQUAL = 4 };
uint32_t test_side(const Test *, bool left); // left: the token stands there
bool test_is_about(const Test *, Token);
bool test_stops(const Test *, Token, bool up); // a token that is counted up, or down
/* It stops such a counter: the limit is a number, or the counter is put back, so that it counts
 * what is open and not what was read. */
bool test_bounds(const Test *, Token, bool up, bool is_put_back);
/* Functions that are under way at once when each adds `step` to the token, which begins with 0, and
 * the next is called as long as the test holds; 0: not known. */
uint64_t test_levels(const Test *, Token, int32_t step);
/* A null pointer, a flag or a first level is no limit. */
bool value_may_limit(const Value *);

/* What holds where the flow stands when a value is not zero, or is. */
Test test_read(Flow *, NodeId value, bool holds);

/* The edge that is taken at the end of the block where the flow stands, by its place among the
 * block's; NO_EDGE: more than one may be. */
enum { NO_EDGE = 0xffffffffu };
uint32_t test_only_edge(Flow *, const Block *);

#endif
