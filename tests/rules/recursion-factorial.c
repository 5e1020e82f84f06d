/* Factorial: as deep as its argument, which comes from the command line; capped; as a loop. */
// run: --min-confidence possible
#include <stdlib.h>

static unsigned long factorial(unsigned long number) {
  return number < 2 ? 1 : number * factorial(number - 1); // expect: recursion-unbounded "an argument"
}

/* A limit above what is counted down. */
static unsigned long factorial_capped(unsigned long number) {
  if (number > 20)
    return 0;
  return number < 2 ? 1 : number * factorial_capped(number - 1);
}

/* That it is not one number is no limit. */
static unsigned long factorial_but(unsigned long number) {
  if (number == 20)
    return 0;
  return number < 2 ? 1 : number * factorial_but(number - 1); // expect: recursion-unbounded "an argument"
}

/* Only itself gives it a number, and nobody says with which it begins. */
unsigned long factorial_of_others(unsigned long number) {
  return number < 2 ? 1 : number * factorial_of_others(number - 1); // expect: recursion-unbounded "an argument"
}

static unsigned long factorial_loop(unsigned long number) {
  unsigned long product = 1;
  while (number > 1)
    product *= number--;
  return product;
}

int main(int count, char **arguments) {
  unsigned long number = count > 1 ? strtoul(arguments[1], NULL, 10) : 0;
  return factorial(number) + factorial_capped(number) + factorial_but(number) +
             factorial_loop(number) == 3;
}
