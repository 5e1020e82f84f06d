/* G-F5: inserted when absent, so there are as many as there are keys: a table in the program, or an
 * enumeration. `by_agent` is filled the same way, but its keys come from outside. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum level { LOW, MIDDLE, HIGH };

struct counter {
  const char *name;
  enum level level;
  long hits;
  struct counter *next;
};

static const char *const methods[] = {"GET", "HEAD", "POST", "PUT"};
static struct counter *by_method, *by_level, *by_agent;

static struct counter *counter_new(const char *name, enum level level) {
  struct counter *counter = calloc(1, sizeof *counter);
  if (!counter)
    abort();
  counter->name = name;
  counter->level = level;
  return counter;
}

static void count_method(const char *asked) {
  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
    if (strcmp(methods[i], asked) != 0)
      continue;
    struct counter *known = by_method;
    while (known && strcmp(known->name, methods[i]) != 0)
      known = known->next;
    if (!known) {
      known = counter_new(methods[i], LOW);
      known->next = by_method;
      by_method = known; // expect-false: growth-unbounded "'by_method'"
    }
    known->hits++;
  }
}

static void count_level(enum level level) {
  for (struct counter *known = by_level; known; known = known->next)
    if (known->level == level) {
      known->hits++;
      return;
    }
  struct counter *added = counter_new("level", level);
  added->next = by_level;
  by_level = added; // expect-false: growth-unbounded "'by_level'"
}

static void count_agent(const char *agent) {
  for (struct counter *known = by_agent; known; known = known->next)
    if (strcmp(known->name, agent) == 0) {
      known->hits++;
      return;
    }
  struct counter *added = counter_new(strdup(agent), LOW);
  added->next = by_agent;
  by_agent = added; // expect: growth-unbounded "'by_agent'"
}

int main(void) {
  char method[16], agent[128];
  for (;;) {
    if (scanf("%15s %127s", method, agent) != 2)
      continue;
    count_method(method);
    count_level(strlen(agent) > 100 ? HIGH : strlen(agent) > 10 ? MIDDLE : LOW);
    count_agent(agent);
  }
}
