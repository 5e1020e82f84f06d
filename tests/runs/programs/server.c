// Two programs that share a file: each function's answer is the larger one.
#include "shared.h"

int main(void) { // runs: once init run
  shared_begin();
  for (;;)
    shared_step();
}
