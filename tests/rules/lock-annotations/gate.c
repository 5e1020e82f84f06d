/* Bodies of annotated functions: a body that says something of the lock is believed, unless it
 * contradicts itself or is not to be looked at. The declarations are in the header only. */
#include "gate.h"

void door_open(struct door *d) {
  pthread_mutex_lock(&d->mutex);
  d->where = "here";
}

void door_close(struct door *d) { pthread_mutex_unlock(&d->mutex); }

void latch_take(struct latch *l) {
  while (__atomic_exchange_n(&l->word, 1, __ATOMIC_ACQUIRE))
    ;
}

int latch_try(struct latch *l) { return !__atomic_exchange_n(&l->word, 1, __ATOMIC_ACQUIRE); }

void latch_give(struct latch *l) { __atomic_store_n(&l->word, 0, __ATOMIC_RELEASE); }

/* Nobody calls it: that it returns with the lock is what it is for. */
struct house *house_find(struct house *all, int number) {
  door_open(&all->door);
  return all + number;
}

/* So it would be if it were not said. */
struct house *house_seek(struct house *all, int number) {
  door_open(&all->door);
  return all + number; // expect: lock-leak "is still held"
}

int house_join(struct house *house, int fails) {
  int before = house->guests;
  door_open(&house->door);
  house->guests++;
  if (house->guests > 100) {
    house->guests--;
    door_close(&house->door);
    return before; // expect: lock-leak "is not held when 'house_join' returns here, but it is declared"
  }
  return before;
}

void house_greet(struct house *house) { house->guests++; }

void house_air(struct house *house) {
  door_close(&house->door);
  door_open(&house->door);
}

/* What it does cannot be told from its code. */
void house_swap(struct house *from, struct house *to) {
  if (to != from)
    door_open(&to->door);
}

void house_mess(struct house *house, int all) {
  door_open(&house->door);
  if (house->guests > all)
    return;
  door_close(&house->door);
}

/* The same without the word. */
void house_worse(struct house *house, int all) {
  door_open(&house->door); // note: "acquired"
  if (house->guests > all)
    return; // expect: lock-leak "is still held"
  door_close(&house->door);
}
