/* Every way through calls on: it cannot end. One way out is enough for silence. */
// flags: -Wno-infinite-recursion
#include <stdio.h>
#include <stdlib.h>

static int value;

int get_value(void) {
  int kept = get_value(); // expect: recursion-infinite "it cannot end"
  return kept + value;
}

void set_value(int given) {
  if (given > 0)
    value = given;
  set_value(given); // expect: recursion-infinite "it cannot end"
  puts("set");
}

static int is_odd_for_ever(int number);

int is_even_for_ever(int number) { return !is_odd_for_ever(number - 1); }

static int is_odd_for_ever(int number) {
  return !is_even_for_ever(number - 1); // expect: recursion-infinite "it cannot end"
}

/* Both arms. */
int either(int number) {
  if (number % 2)
    return 1 + either(number / 2);
  return 2 + either(number - 1); // expect: recursion-infinite "it cannot end"
}

int get_value_once(void) {
  if (value > 0)
    return value;
  value = 1;
  return get_value_once() + 1;
}

/* Ends by exit. */
void set_or_die(int given) {
  if (given < 0)
    exit(1);
  set_or_die(given / 2 - 1);
  puts("never");
}
