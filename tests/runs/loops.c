// How often a loop goes round: a constant, an array, the arguments, a setting, a list, the input.
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node {
  struct node *next;
  int used;
};
struct option_row {
  const char *name;
  int value;
};

static const struct option_row rows[] = {{"a", 1}, {"b", 2}, {0, 0}};
static int workers = 4;
static struct node *list;

static void by_constant(void) {}      // runs: bounded run "bounded in the loop"
static void by_countdown(void) {}     // runs: bounded run
static void by_array_length(void) {}  // runs: bounded run
static void by_array_end(void) {}     // runs: bounded run
static void by_sentinel(void) {}      // runs: bounded run
static void by_pointer(void) {}       // runs: bounded run
static void by_option(void) {}        // runs: bounded run
static void by_argument(void) {}      // runs: bounded run
static void by_each_argument(void) {} // runs: bounded run
static void by_setting(void) {}       // runs: counted run "counted in the loop"
static void by_parameter(void) {}     // runs: counted run
static void by_parameter_down(void) {} // runs: counted run
static void by_list(void) {}          // runs: counted run
static void by_list_saved(void) {}    // runs: counted run
static void by_length(void) {}        // runs: counted run
static void by_nesting(void) {}       // runs: counted run
static void by_input(void) {}         // runs: any run "any in the loop"
static void by_moving_end(void) {}    // runs: any run
static void by_retry(void) {}         // runs: any run
static void by_two_sites(void) {}     // runs: bounded run
static void by_alternatives(void) {}  // runs: once run
static void by_cases(void) {}         // runs: once run
static void by_case_and_after(void) {} // runs: bounded run

static void loops(int count, const char *text) { // runs: once run "main calls loops"
  int local[3] = {1, 2, 0};
  for (int i = 0; i < 8; i++)
    by_constant();
  for (int i = 8; i-- > 0;)
    by_countdown();
  for (unsigned i = 0; i < sizeof local / sizeof *local; i++)
    by_array_length();
  for (const struct option_row *row = rows; row < rows + 2; row++)
    by_array_end();
  for (int i = 0; rows[i].name; i++)
    by_sentinel();
  for (const struct option_row *row = rows; row->name; row++)
    by_pointer();
  for (int i = 0; i < workers; i++)
    by_setting();
  for (int i = 0; i < count; i++)
    by_parameter();
  for (int i = count; i > 0; i--)
    by_parameter_down();
  for (struct node *n = list; n; n = n->next)
    by_list();
  struct node *next;
  for (struct node *n = list; n; n = next) {
    next = n->next;
    by_list_saved();
  }
  for (size_t i = 0; i < strlen(text); i++)
    by_length();
  for (int i = 0; i < count; i++)
    for (int k = 0; k < 3; k++)
      by_nesting();
}

static void input(int end) { // runs: once run
  char line[80];
  while (fgets(line, sizeof line, stdin))
    by_input();
  for (int i = 0; i < end; i++) {
    by_moving_end();
    end = rand();
  }
again:
  by_retry();
  if (rand())
    goto again;
}

static void sites(int kind) { // runs: once run
  by_two_sites();
  if (kind > 9)
    puts("large");
  by_two_sites();
  if (kind)
    by_alternatives();
  else
    by_alternatives();
  switch (kind) {
  case 1:
    by_cases();
    break;
  case 2:
    by_cases();
    by_case_and_after();
    break;
  default:
    break;
  }
  by_case_and_after();
}

int main(int argc, char **argv) { // runs: once run
  int option;
  while ((option = getopt(argc, argv, "ab")) != -1)
    by_option();
  for (int i = optind; i < argc; i++)
    by_argument();
  for (char **at = argv; *at; at++)
    by_each_argument();
  loops(argc, argv[0]);
  input(argc);
  sites(argc);
  return 0;
}
