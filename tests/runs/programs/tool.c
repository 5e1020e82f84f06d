#include "shared.h"

int main(void) { // runs: once run
  shared_begin();
  shared_step();
  return 0;
}
