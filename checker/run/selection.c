/* selection.c - see selection.h */
#include "run/selection.h"

#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"
#include "base/message.h"
#include "base/path.h"
#include "cli/values.h"
#include "rule/registry.h"

/* ---- rules */

static const char *page_of(const char *id) {
  for (size_t i = 0; i < embedded_rule_page_count; i++)
    if (!strcmp(embedded_rule_pages[i].name, id))
      return embedded_rule_pages[i].text;
  return NULL;
}

static RuleInfo info_of(const Rule *rule) {
  return (RuleInfo){.id = rule->id,
                    .name = rule->name,
                    .summary = rule->summary,
                    .references = rule->references,
                    .help = page_of(rule->id),
                    .severity = rule->severity,
                    .is_on = !rule->is_off};
}

size_t selection_rule_count(void) { return rule_count + HOUSEKEEPING_RULES; }

static int compare_rules(const void *left, const void *right) {
  return strcmp(((const RuleInfo *)left)->id, ((const RuleInfo *)right)->id);
}

static bool is_rule(const RuleInfo *rules, const char *name) {
  RuleInfo wanted = {.id = name};
  return bsearch(&wanted, rules, selection_rule_count(), sizeof *rules, compare_rules);
}

static void must_exist(Arena *arena, const RuleInfo *rules, const Options *options,
                       const char *option) {
  const Texts *names = !strcmp(option, "only")     ? &options->only
                       : !strcmp(option, "enable") ? &options->enable
                                                   : &options->disable;
  for (size_t i = 0; i < names->count; i++) {
    if (is_rule(rules, names->at[i]))
      continue;
    Nearest nearest = {.to = names->at[i]};
    for (size_t k = 0; k < selection_rule_count(); k++)
      value_nearest(&nearest, rules[k].id);
    die(EXIT_USAGE, "%s: there is no rule '%s'%s\n  overstay rules lists them",
        option_origin(arena, options, option), names->at[i], value_guess(arena, &nearest));
  }
}

static bool is_in(const Texts *names, const char *id) {
  for (size_t i = 0; i < names->count; i++)
    if (!strcmp(names->at[i], id))
      return true;
  return false;
}

static bool is_on(const Options *options, const RuleInfo *rule) {
  if (options->only.count)
    return is_in(&options->only, rule->id);
  bool on = rule->is_on || options->all_rules || is_in(&options->enable, rule->id);
  return on && !is_in(&options->disable, rule->id);
}

const RuleInfo *selection_rules(Arena *arena, const Options *options) {
  size_t count = selection_rule_count();
  RuleInfo *rules = arena_new_array(arena, RuleInfo, count);
  for (size_t i = 0; i < rule_count; i++)
    rules[i] = info_of(all_rules[i]);
  for (size_t i = 0; i < HOUSEKEEPING_RULES; i++)
    rules[rule_count + i] = housekeeping_rules[i];
  qsort(rules, count, sizeof *rules, compare_rules);
  must_exist(arena, rules, options, "enable");
  must_exist(arena, rules, options, "disable");
  must_exist(arena, rules, options, "only");
  for (size_t i = 0; i < count; i++)
    rules[i].is_on = is_on(options, &rules[i]);
  return rules;
}

/* ---- paths */

static bool in_jobs(const JobList *jobs, const char *path) {
  for (uint32_t i = 0; jobs && i < jobs->count; i++)
    if (path_inside(path, jobs->jobs[i].source))
      return true;
  return false;
}

static bool in_store(Arena *arena, Store *store, Roots roots, const char *path) {
  size_t count;
  store_units(store, &count);
  bool found = false;
  Arena *scratch = arena_new();
  for (size_t i = 0; i < count && !found; i++) {
    const Unit *unit = store_unit(store, scratch, i);
    found = path_inside(path, roots_path(arena, roots, unit->source));
    for (uint32_t j = 0; j < unit->file_count && !found; j++)
      found = path_inside(path, roots_path(scratch, roots, unit->files[j].path));
    arena_reset(scratch);
  }
  arena_free(scratch);
  return found;
}

PathSelection *selection_paths(Arena *arena, const Options *options, Roots roots,
                               const JobList *jobs, Store *store) {
  PathSelection *selection = arena_new_one(arena, PathSelection);
  *selection =
      (PathSelection){arena, roots, arena_new_array(arena, const char *, options->arguments.count),
                      options->arguments.count};
  for (size_t i = 0; i < selection->count; i++) {
    const char *given = options->arguments.at[i];
    const char *path = path_canonical(arena, given);
    if (!in_jobs(jobs, path) && !in_store(arena, store, roots, path))
      die(EXIT_USAGE, "'%s' is in no unit of the compile_commands.json", given);
    selection->paths[i] = path;
  }
  return selection;
}

void selection_paths_exist(Arena *arena, const Options *options) {
  for (size_t i = 0; i < options->arguments.count; i++)
    if (!path_exists(path_canonical(arena, options->arguments.at[i])))
      die(EXIT_USAGE, "'%s' does not exist", options->arguments.at[i]);
}

bool selection_wants(const void *path_selection, const char *path) {
  const PathSelection *selection = path_selection;
  bool wanted = !selection->count;
  for (size_t i = 0; i < selection->count && !wanted; i++) {
    const char *full = roots_path(selection->arena, selection->roots, path);
    wanted = path_inside(selection->paths[i], full);
  }
  return wanted;
}
