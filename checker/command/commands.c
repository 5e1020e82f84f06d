/* commands.c - `overstay rules` and `overstay --version`. */
#include "command/commands.h"

#include <jansson.h>
#include <string.h>

#include "base/message.h"
#include "cli/outputs.h"
#include "frontend/version.h"
#include "rule/registry.h"
#include "run/selection.h"

static const char *const severity_names[] = {"note", "warning", "error"};

static json_t *rule_object(Arena *arena, const RuleInfo *rule) {
  json_t *references = json_array();
  const char *rest = rule->references ? rule->references : "";
  while (*rest) {
    size_t length = strcspn(rest, " ");
    if (length)
      json_array_append_new(references, json_string(arena_text_n(arena, rest, length)));
    rest += length + (rest[length] == ' ');
  }
  return json_pack("{s:s, s:s, s:s, s:b, s:s, s:o}", "id", rule->id, "name", rule->name, "level",
                   severity_names[rule->severity], "on", rule->is_on, "summary", rule->summary,
                   "references", references);
}

static void print_rules_json(Arena *arena, const RuleInfo *rules) {
  json_t *list = json_array();
  for (size_t i = 0; i < selection_rule_count(); i++)
    json_array_append_new(list, rule_object(arena, &rules[i]));
  json_t *all = json_pack("{s:o}", "rules", list);
  char *text = json_dumps(all, JSON_INDENT(2));
  puts(text);
  memory_free(text);
  json_decref(all);
}

static void print_rules(const RuleInfo *rules) {
  for (size_t i = 0; i < selection_rule_count(); i++)
    printf("%-20s %-8s %-4s %s [%s]\n", rules[i].id, severity_names[rules[i].severity],
           rules[i].is_on ? "on" : "off", rules[i].summary,
           rules[i].references ? rules[i].references : "");
}

int command_rules(const Options *options) {
  Arena *arena = arena_new();
  const RuleInfo *rules = selection_rules(arena, options);
  if (!strcmp(options->format, "json"))
    print_rules_json(arena, rules);
  else
    print_rules(rules);
  outputs_finish_stdout();
  arena_free(arena);
  return EXIT_CLEAN;
}

/* What people are asked for first when something is wrong. */
int command_version(const Options *options) {
  (void)options;
  Arena *arena = arena_new();
  printf("overstay " OVERSTAY_VERSION " (%s, SQLite %s)\n", frontend_version(arena),
         store_sqlite_version());
  outputs_finish_stdout();
  arena_free(arena);
  return EXIT_CLEAN;
}
