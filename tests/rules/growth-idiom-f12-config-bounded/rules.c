/* G-F12: one element for each line of a configuration that is read again and again, but the old ones
 * are freed first. The reader forgets to do that for `extras`. */
#include "rules.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rule {
  char *host;
  struct rule *next;
};

static struct rule *rules, *extras;

static void rule_add(const char *host) {
  struct rule *rule = malloc(sizeof *rule);
  if (!rule)
    abort();
  rule->host = strdup(host);
  rule->next = rules;
  rules = rule;
}

static void extra_add(const char *text) {
  struct rule *extra = malloc(sizeof *extra);
  if (!extra)
    abort();
  extra->host = strdup(text);
  extra->next = extras;
  extras = extra; // expect: growth-unbounded "'extras'"
}

static void rules_free(void) {
  while (rules) {
    struct rule *next = rules->next;
    free(rules->host);
    free(rules);
    rules = next;
  }
}

void config_read(const char *path) {
  char line[256];
  FILE *file = fopen(path, "r");
  if (!file)
    return;
  rules_free();
  while (fgets(line, sizeof line, file)) {
    if (strncmp(line, "allow ", 6) == 0)
      rule_add(line + 6);
    else
      extra_add(line);
  }
  fclose(file);
}

int host_is_allowed(const char *host) {
  for (struct rule *rule = rules; rule; rule = rule->next)
    if (strcmp(rule->host, host) == 0)
      return 1;
  return 0;
}

int header_is_known(const char *text) {
  for (struct rule *extra = extras; extra; extra = extra->next)
    if (strcmp(extra->host, text) == 0)
      return 1;
  return 0;
}
