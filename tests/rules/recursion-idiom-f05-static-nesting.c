/* R-F5: the walk goes over a constant table that is as deep as it was written; the same walk over
 * what a file said is as deep as the file.
 *
 * Known gap: a table of constant elements is not seen to be constant. */
// flags: -D_GNU_SOURCE
// run: --min-confidence possible
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct command {
  const char *name;
  int (*run)(int);
  const struct command *subcommands;
};

static int get(int key) { return key; }
static int set(int key) { return key + 1; }

static const struct command config_commands[] = {{"get", get, NULL}, {"set", set, NULL}, {0}};
static const struct command commands[] = {
    {"get", get, NULL}, {"config", NULL, config_commands}, {0}};

static int count_commands(const struct command *table) {
  int count = 0;
  for (; table->name; table++)
    count += 1 + (table->subcommands ? count_commands(table->subcommands) : 0); // expect-false: recursion-unbounded
  return count;
}

int command_count(void) { return count_commands(commands); }

struct menu {
  char name[32];
  struct menu *inner, *next;
};

static int count_entries(const struct menu *menu) {
  int count = 0;
  for (; menu; menu = menu->next)
    count += 1 + count_entries(menu->inner); // expect: recursion-unbounded "the height of what is walked"
  return count;
}

int entries_of(FILE *file) {
  struct menu *top = NULL, **at = &top;
  char line[32];
  while (fgets(line, sizeof(line), file)) {
    *at = calloc(1, sizeof(**at));
    if (!*at)
      break;
    memcpy((*at)->name, line, sizeof(line));
    at = line[0] == '>' ? &(*at)->inner : &(*at)->next;
  }
  return count_entries(top); // expect: resource-leak "'top'"
}

/* Each pattern stands in the program, and is as deep as it has stars. */
static int matches(const char *pattern, const char *text) {
  for (; *pattern; pattern++, text++) {
    if (*pattern == '*') {
      while (*text && !matches(pattern + 1, text))
        text++;
      return *text || !pattern[1];
    }
    if (*pattern != *text)
      return 0;
  }
  return !*text;
}

int is_source(const char *name) { return matches("*.c", name) || matches("*.h", name); }

/* This one comes from a file. */
static int matches_line(const char *pattern, const char *text) {
  for (; *pattern; pattern++, text++) {
    if (*pattern == '*') {
      while (*text && !matches_line(pattern + 1, text)) // expect: recursion-unbounded "the nesting of what is read"
        text++;
      return *text || !pattern[1];
    }
    if (*pattern != *text)
      return 0;
  }
  return !*text;
}

int is_ignored(FILE *patterns, const char *name) {
  char *line = NULL;
  size_t room = 0;
  int found = 0;
  while (!found && getline(&line, &room, patterns) > 0)
    found = matches_line(line, name);
  free(line);
  return found;
}
