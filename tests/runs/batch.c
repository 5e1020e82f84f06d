// A program without a loop to live by: main's own loop over its input is its run.
#include <stdio.h>

static void prepare(void) {}       // runs: once init
static void per_line(void) {}      // runs: any run
static void summarise(void) {}     // runs: once run

int main(void) { // runs: once init run
  char line[100];
  prepare();
  while (fgets(line, sizeof line, stdin))
    per_line();
  summarise();
  return 0;
}
