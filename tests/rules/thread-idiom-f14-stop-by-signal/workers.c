#include "stop.h"

void *until_handler(void *given) {
  while (!told_by_handler)
    one_step();
  return given;
}

void *until_waiter(void *given) {
  while (!told_by_waiter)
    one_step();
  return given;
}

void *until_nobody(void *given) {
  while (!told_by_nobody)
    one_step();
  return given;
}
