#include "gate.h"

int visits(struct house *house, int late) {
  latch_take(&house->latch); // note: "acquired"
  if (late)
    return -1; // expect: lock-leak "'house->latch' is still held"
  latch_give(&house->latch);
  return 0;
}

int tries_latch(struct house *house) {
  if (!latch_try(&house->latch))
    return 0;
  house->guests++;
  latch_give(&house->latch);
  return 1;
}

int tries_latch_and_forgets(struct house *house, int late) {
  if (!latch_try(&house->latch))
    return 0;
  if (late)
    return 0; // expect: lock-leak "'house->latch' is still held"
  latch_give(&house->latch);
  return 0;
}

void greets(struct house *house) {
  door_open(&house->door);
  house_greet(house);
  house_air(house);
  door_close(&house->door);
}

void greets_outside(struct house *house) {
  door_open(&house->door);
  house->guests++;
  door_close(&house->door); // note: "released"
  house_greet(house);       // expect: lock-unheld "but 'house_greet' is declared to need it"
}

void moves(struct house *from, struct house *to) {
  latch_take(&from->latch);
  house_swap(from, to);
  latch_give(&to->latch);
}

void moves_and_forgets(struct house *from, struct house *to) {
  latch_take(&from->latch);
  house_swap(from, to);
  if (to->guests)
    return; // expect: lock-leak "is still held"
  latch_give(&to->latch);
}

void makes_a_mess(struct house *house) {
  house_mess(house, 3);
  door_open(&house->door);
  door_close(&house->door);
}
