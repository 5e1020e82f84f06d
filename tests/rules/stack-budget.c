// Chains of calls that need more stack than their thread has: 8 MiB here.
#include <pthread.h>
#include <stddef.h>

enum { MIB = 1024 * 1024 };
void use(void *);

static void deepest(int n) {
  char table[5 * MIB]; // note: "'table' has 5,242,880 of them"
  use(table);
  use(&n);
}

static void middle(int n) {
  char copy[4 * MIB]; // note: "'middle' takes"
  use(copy);
  deepest(n); // note: "'middle' calls 'deepest' here"
  use(copy);
}

/* One after the other they fit. */
static void alone(int n) {
  char copy[4 * MIB];
  use(copy);
  use(&n);
}
static void *fits(void *argument) {
  alone(1);
  deepest(1);
  return argument;
}

static void *too_deep(void *argument) {
  middle(1); // note: "'too_deep' calls 'middle' here"
  return argument;
}

/* In blocks of their own, one at a time. */
static void *one_at_a_time(void *argument) {
  {
    char first[5 * MIB];
    use(first);
  }
  {
    char second[5 * MIB];
    use(second);
  }
  return argument;
}

int main(void) {
  pthread_t one, two, three;
  if (pthread_create(&one, NULL, fits, NULL) ||
      pthread_create(&two, NULL, too_deep, NULL) || // expect: stack-budget "the thread that is created here needs"
      pthread_create(&three, NULL, one_at_a_time, NULL))
    return 1;
  pthread_join(one, NULL);
  pthread_join(two, NULL);
  pthread_join(three, NULL);
  return 0;
}
