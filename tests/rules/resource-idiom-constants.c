// A variable outside the function that keeps the value it began with, and its twins, which somebody
// sets.
// mechanism: constants
#include <stdio.h>
#include <stdlib.h>

static int verbose = 1;
static const int is_traced = 1;
const int writes_log = 1;
static int is_tuned = 1;
static int is_given = 1;
static volatile int is_shared = 1;

void tune(int value) { is_tuned = value; }

void read_option(const char *text) { sscanf(text, "%d", &is_given); }

void never_set(const char *path) {
  FILE *file = NULL;
  if (verbose)
    file = fopen(path, "r");
  if (verbose && file)
    fclose(file);
}

void closed_when_traced(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file)
    return;
  if (is_traced)
    fclose(file);
}

void closed_when_logged(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file)
    return;
  if (writes_log != 0)
    fclose(file);
}

void inside_of_the_function(const char *path) {
  static const int closes = 1;
  FILE *file = fopen(path, "r");
  if (file && closes)
    fclose(file);
}

/* The value goes by way of a callee. */
static int is_on(void) { return verbose; }

void asks_a_function(const char *path) {
  FILE *file = fopen(path, "r");
  if (file && is_on())
    fclose(file);
}

int never_set_otherwise(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file)
    return -1;
  if (verbose)
    return -1; // expect: resource-leak "the file 'file' is not closed"
  fclose(file);
  return 0;
}

int set_elsewhere(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file)
    return -1;
  if (is_tuned)
    fclose(file);
  return 0; // expect: resource-leak "the file 'file' is not closed"
}

int address_taken(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file)
    return -1;
  if (is_given)
    fclose(file);
  return 0; // expect: resource-leak "the file 'file' is not closed"
}

int changes_by_itself(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file)
    return -1;
  if (is_shared)
    fclose(file);
  return 0; // expect: resource-leak "the file 'file' is not closed"
}
