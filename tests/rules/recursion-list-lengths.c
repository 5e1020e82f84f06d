/* A list is as long as its data when somebody makes it longer as often as there is something to
 * read. Others have as many members as the program has modules, or a path has folders: whether
 * they get long enough is doubtful. */
// flags: -D_GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- one for each line */

struct rule {
  struct rule *next;
  char *pattern;
};

static struct rule *rules;

static void rules_free(struct rule *rule) {
  if (!rule)
    return;
  rules_free(rule->next); // expect: recursion-unbounded "the length of the list"
  free(rule->pattern);
  free(rule);
}

static int rule_add(const char *pattern) {
  struct rule *rule = calloc(1, sizeof(*rule));
  if (!rule)
    return -1;
  rule->pattern = strdup(pattern);
  rule->next = rules;
  rules = rule;
  return 0;
}

static int read_line(FILE *file, char *line, int size) { return fgets(line, size, file) != NULL; }

int rules_read(FILE *file) {
  char line[256];
  int failed = 0;
  while (!failed && read_line(file, line, sizeof(line)))
    failed = rule_add(line);
  rules_free(rules);
  rules = NULL;
  return failed;
}

/* ---- one for each of what a table has */

struct module {
  struct module *next;
  const char *name;
};

static const char *const names[] = {"auth", "cache", "log"};
static struct module *modules;

static void module_add(const char *name) {
  struct module *module = calloc(1, sizeof(*module));
  if (!module)
    return;
  module->name = name;
  module->next = modules;
  modules = module;
}

static void modules_close(struct module *module) {
  if (!module)
    return;
  modules_close(module->next);
  puts(module->name);
  free(module);
}

void modules_run(void) {
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    module_add(names[i]);
  modules_close(modules);
  modules = NULL;
}

/* ---- one for each folder of a path, and what is read there has nothing to do with it */

struct level {
  struct level *next;
  char name[64];
};

static int level_write(struct level *level, FILE *index) {
  char old[64];
  int written = 0;
  if (level->next) {
    written = level_write(level->next, index);
    free(level->next);
    level->next = NULL;
  }
  if (fgets(old, sizeof(old), index) && !strcmp(old, level->name))
    return written;
  return written + puts(level->name);
}

static struct level *level_add(struct level *level, const char *name) {
  struct level *inner = calloc(1, sizeof(*inner));
  if (inner)
    strncpy(inner->name, name, sizeof(inner->name) - 1);
  level->next = inner;
  return inner;
}

int path_write(const char *path, FILE *index) {
  struct level root = {NULL, "/"}, *last = &root;
  for (const char *at = strchr(path, '/'); at && last; at = strchr(at + 1, '/'))
    last = level_add(last, at + 1);
  return level_write(&root, index);
}
