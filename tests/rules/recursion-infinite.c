/* Cycles that cannot end, and those that can. */
#include <stdlib.h>

struct counter {
  int value;
};

static int value_of(const struct counter *counter) {
  return 2 * value_of(counter); // expect: recursion-infinite "cannot end"
}

int even(int number);

static int odd(int number) {
  return 1 + even(number - 1); // expect: recursion-infinite "every way through 'odd'"
}

int even(int number) {
  return 1 + odd(number - 1); // note: "comes to this call of 'odd'"
}

/* What ends the process ends the recursion. */
static int dies(int number) {
  if (number > 100)
    abort();
  return dies(number + 1) + 1;
}

static int ends(int number) {
  if (number <= 0)
    return 0;
  return ends(number / 2) + 1;
}

int main(int count, char **arguments) {
  struct counter counter = {count};
  (void)arguments;
  return value_of(&counter) + even(count) + ends(count) + dies(count);
}
