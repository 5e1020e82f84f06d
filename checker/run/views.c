/* views.c - see views.h.
 *
 * A staged tree and a revision are views of the store: states of units beside those of the work
 * tree, found by content. So a revision that was checked before is not parsed again, and nor is
 * the commit that follows on --staged. What there is to compare with is analysed only when
 * something was found that the report would show. */
#include "run/views.h"

#include <stdlib.h>
#include <string.h>

#include "base/guard.h"
#include "base/hash_map.h"
#include "base/message.h"
#include "base/path.h"
#include "base/text.h"
#include "revision/changed_lines.h"
#include "report/words.h"
#include "revision/repository.h"
#include "rule/registry.h"
#include "run/selection.h"
#include "run/why.h"

static const double patience = 10; // seconds that a commit waits for --staged

typedef struct {
  Run *run;
  Repository *repository;
  TreeOrder order;
} Views;

static bool is_read(const void *context, const char *path) {
  return store_knows_file(((const Run *)context)->store, path);
}

static Views views_of(Run *run) {
  Roots roots = run->project.database->roots;
  Views views = {.run = run, .repository = repository_open(run->arena, roots)};
  views.order = (TreeOrder){.jobs = run->project.jobs,
                            .is_read = is_read,
                            .context = run,
                            .place = project_run_place(run->arena, run->options, &run->project)};
  return views;
}

static void check_options(const Options *options) {
  if (options->diff && (options->staged || options->new_from_rev))
    die(EXIT_USAGE, "--diff cannot be combined with --staged or --new-from-rev");
}

/* ---- a view */

typedef struct {
  Job job;
  bool is_changed; // itself, not only a header
  double seconds;  // that it took when it was read last
  uint32_t number;
} Near;

static int compare_near(const void *left, const void *right) {
  const Near *a = left, *b = right;
  if (a->is_changed != b->is_changed)
    return a->is_changed ? -1 : 1;
  if (a->seconds < b->seconds || a->seconds > b->seconds)
    return a->seconds < b->seconds ? -1 : 1;
  return a->number < b->number ? -1 : a->number > b->number;
}

static double seconds_of(Run *run, const Job *job) {
  size_t count;
  const StoredUnit *units = store_units(run->store, &count);
  size_t low = 0, high = count; // by source, then command
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (strcmp(units[middle].key.source, job->shown) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  bool found = low < count && !strcmp(units[low].key.source, job->shown);
  return found ? units[low].parse_seconds + units[low].lower_seconds : 0;
}

static bool is_among(const ChangedPath *changes, size_t count, const char *path) {
  for (size_t i = 0; i < count; i++)
    if (!strcmp(changes[i].path, path))
      return true;
  return false;
}

/* Nearest first, for when the time is short: sources that changed, then what includes something
 * that changed, the quickest first. Asked of the normal view. */
static void sort_by_nearness(Run *run, const ChangedPath *changes, size_t change_count) {
  const JobList *all = run->project.jobs;
  Near *near = arena_new_array(run->arena, Near, all->count);
  for (uint32_t i = 0; i < all->count; i++)
    near[i] = (Near){all->jobs[i], is_among(changes, change_count, all->jobs[i].shown),
                     seconds_of(run, &all->jobs[i]), i};
  if (all->count)
    qsort(near, all->count, sizeof *near, compare_near);
  JobList *sorted = arena_copy(run->arena, all, sizeof *all);
  sorted->jobs = arena_new_array(run->arena, Job, all->count);
  for (uint32_t i = 0; i < all->count; i++)
    sorted->jobs[i] = near[i].job;
  run->project.jobs = sorted;
}

/* A source that a tree does not have is no failure of it. */
static const JobList *jobs_in(Run *run, const Tree *tree) {
  const JobList *all = run->project.jobs;
  JobList *jobs = arena_new_one(run->arena, JobList);
  jobs->jobs = arena_new_array(run->arena, Job, all->count);
  for (uint32_t i = 0; i < all->count; i++) {
    const TreeFile *source = tree_find(tree, all->jobs[i].source);
    if (!source || source->text)
      jobs->jobs[jobs->count++] = all->jobs[i];
  }
  return jobs;
}

static void begin_view(Run *run, const Tree *tree) {
  uint32_t count;
  const TreeFile *files = tree_files(tree, &count);
  OtherFile *others = arena_new_array(run->arena, OtherFile, count);
  for (uint32_t i = 0; i < count; i++) {
    others[i].path = roots_name(run->arena, run->project.database->roots, files[i].path);
    if (files[i].text)
      others[i].content = hash_bytes(files[i].text, files[i].size);
  }
  store_view_begin(run->store, others, count);
}

static void enter(Run *run, const Tree *tree) {
  begin_view(run, tree);
  run_read(run, jobs_in(run, tree), tree);
}

/* Sources that were renamed or removed since, of which compile_commands.json says nothing any more:
 * what the database has of them is what there was before. */
static void recall_removed(Run *run, const Tree *tree) {
  uint32_t count;
  const TreeFile *files = tree_files(tree, &count);
  for (uint32_t i = 0; i < count; i++) {
    bool known = !files[i].text;
    for (uint32_t k = 0; k < run->project.jobs->count && !known; k++)
      known = !strcmp(run->project.jobs->jobs[k].source, files[i].path);
    UnitKey key;
    const char *name = roots_name(run->arena, run->project.database->roots, files[i].path);
    if (!known && store_last_unit(run->store, name, &key))
      store_unit_fresh(run->store, key); // puts it in the view
  }
}

/* The result of another tree; the view that was there before has to be left before. */
static Outcome analyse_tree(Run *run, SourceTree tree) {
  ReadingResult reading = run->reading;
  double until = run->until;
  run->until = 0; // what to compare with is read as far as it is needed
  enter(run, tree.tree);
  recall_removed(run, tree.tree);
  Outcome outcome = run_analyse(run);
  store_view_end(run->store);
  source_tree_free(&tree);
  run->until = until;
  run->reading = reading;
  return outcome;
}

static SourceTree tree_of(Views *views, const char *commit) {
  size_t count;
  const ChangedPath *changes = repository_changes(views->repository, commit, &count);
  return repository_commit_tree(views->repository, &views->order, changes, count);
}

static Outcome analyse_commit(Views *views, const char *commit) {
  return analyse_tree(views->run, tree_of(views, commit));
}

/* Of what was read before; false: not all of it was. */
static bool begin_known_view(Run *run, const Tree *tree) {
  begin_view(run, tree);
  const JobList *jobs = jobs_in(run, tree);
  for (uint32_t i = 0; i < jobs->count; i++)
    if (!store_unit_fresh(run->store, (UnitKey){jobs->jobs[i].shown, jobs->jobs[i].command_hash}))
      return false;
  recall_removed(run, tree);
  return true;
}

/* ---- what is new */

static bool is_shown(const Run *run, const RuleInfo *rules, const Finding *finding) {
  if ((int)finding->confidence < run->options->min_confidence ||
      (int)finding->severity < run->options->min_severity)
    return false;
  for (size_t k = 0; k < selection_rule_count(); k++)
    if (!strcmp(rules[k].id, finding->rule))
      return rules[k].is_on;
  return false;
}

static bool could_be_shown(Run *run, const Outcome *outcome) {
  const RuleInfo *rules = selection_rules(run->arena, run->options);
  for (size_t i = 0; i < outcome->count; i++)
    if (is_shown(run, rules, &outcome->findings[i]))
      return true;
  return false;
}

/* What the baseline knows is as little new as what was there before. */
static Outcome with_baseline(Run *run, const Outcome *before) {
  Outcome both = *before;
  if (!run->baseline)
    return both;
  Finding *findings = arena_new_array(run->arena, Finding, before->count + run->baseline->count);
  HashMap known = {0};
  for (both.count = 0; both.count < before->count; both.count++) {
    findings[both.count] = before->findings[both.count];
    hash_map_put(&known, findings[both.count].fingerprint, 0);
  }
  for (size_t i = 0; i < run->baseline->count; i++)
    if (hash_map_get(&known, run->baseline->findings[i].fingerprint) == MAP_ABSENT)
      findings[both.count++] = run->baseline->findings[i];
  hash_map_free(&known);
  both.findings = findings;
  return both;
}

/* As if the last run had found what was there `before`. */
static void begin_comparison(Run *run, const Outcome *before, const Outcome *now) {
  Hash none = {0};
  Outcome known = with_baseline(run, before);
  store_trial_begin(run->store);
  store_put_findings(run->store, none, run->wall_time, before->complete, known.findings,
                     known.count);
  store_put_findings(run->store, none, run->wall_time, now->complete && before->complete,
                     now->findings, now->count);
  store_put_remarks(run->store, now->remarks, now->remark_count);
}

static int report_compared(Run *run, const Outcome *before, const Outcome *now) {
  begin_comparison(run, before, now);
  int code = run_report(run);
  store_trial_end(run->store);
  return code;
}

static int report_new_ones(Run *run, const Outcome *before, const Outcome *now) {
  run->only_new = true;
  return report_compared(run, before, now);
}

/* A flag for each finding that the report would show, and that was not there. */
static const bool *find_new_ones(Run *run, const Outcome *before, const Outcome *now) {
  const RuleInfo *rules = selection_rules(run->arena, run->options);
  bool *is_new = arena_new_array(run->arena, bool, now->count);
  HashMap states = {0};
  size_t count;
  begin_comparison(run, before, now);
  const StoredFinding *stored = store_findings(run->store, run->arena, &count);
  for (size_t i = 0; i < count; i++)
    hash_map_put(&states, stored[i].finding.fingerprint, stored[i].state);
  store_trial_end(run->store);
  for (size_t i = 0; i < now->count; i++)
    is_new[i] = is_shown(run, rules, &now->findings[i]) &&
                hash_map_get(&states, now->findings[i].fingerprint) == FINDING_NEW;
  hash_map_free(&states);
  return is_new;
}

/* With a baseline the last run does not say what is new. */
static int report_plain(Run *run) {
  if (!run->baseline)
    return run_report(run);
  const Outcome nothing = {.complete = true};
  Outcome now = run_last_outcome(run);
  return report_compared(run, &nothing, &now);
}

/* ---- why it is new */

/* Nothing is asked where units have no result: what is lost is no reason. `tree` is the one that is
 * in view, or NULL; it is left for a while. */
static Why *ask_why(Views *views, const char *commit, const Tree *tree, const Outcome *before,
                    const Outcome *now) {
  Run *run = views->run;
  if (!before->complete || !now->complete || run->reading.left || !guard_on("why"))
    return NULL;
  Why *why = why_begin(run, tree, now, find_new_ones(run, before, now));
  if (!why)
    return NULL;
  ReadingResult reading = run->reading;
  SourceTree other = tree_of(views, commit);
  if (tree)
    store_view_end(run->store);
  if (begin_known_view(run, other.tree))
    why_before(why, other.tree);
  store_view_end(run->store);
  source_tree_free(&other);
  if (tree)
    enter(run, tree);
  run->reading = reading;
  return why;
}

/* In the normal view. */
static void end_why(Why *why, const char *commit) {
  if (!why)
    return;
  why_keep(why, commit);
  why_free(why);
}

/* ---- --staged */

static bool any_source(const Run *run, const ChangedPath *changes, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (repository_looks_like_source(changes[i].path) ||
        (run->store && store_knows_file(run->store, changes[i].path)))
      return true;
  return false;
}

/* A staged source without a command is one that nobody looks at. */
static void tell_unknown_sources(const Run *run, const ChangedPath *changes, size_t count) {
  const JobList *jobs = run->project.jobs;
  for (size_t i = 0; i < count; i++) {
    bool known = !changes[i].is_staged || !text_ends(changes[i].path, ".c");
    for (uint32_t k = 0; k < jobs->count && !known; k++)
      known = !strcmp(jobs->jobs[k].shown, changes[i].path);
    if (!known && !store_knows_file(run->store, changes[i].path))
      inform("%s was not checked: no command compiles it", visible(run->arena, changes[i].path));
  }
}

/* False: there is none, and that is fine. Ends the process (3) where it is not. */
static bool has_database(const Run *run) {
  const Options *options = run->options;
  if (options->no_cache || path_exists(run->project.store_path))
    return true;
  static const char text[] = "there is no database yet, so nothing was checked; make it with\n"
                             "  overstay check%s%s%s%s";
  const char *build = options->database ? options->database : "";
  const char *store = options->store ? options->store : "";
  const char *p = *build ? " -p " : "", *db = *store ? " --db " : "";
  if (options->hook_missing == HOOK_MISSING_FAIL)
    die(EXIT_INCOMPLETE, text, p, build, db, store);
  warn(text, p, build, db, store);
  return false;
}

static int report_nothing(Run *run) {
  const Outcome nothing = {.complete = true};
  inform("no C file is staged");
  return run->store ? report_new_ones(run, &nothing, &nothing) : EXIT_CLEAN;
}

/* What was found counts; what nobody had time for is told. */
static int code_of_hook(const Run *run, int code) {
  const ReadingResult *reading = &run->reading;
  if (!reading->left)
    return code;
  warn("the time was up: %u of %u changed units were not looked at; overstay check --staged "
       "--timeout 5m takes its time",
       reading->left, reading->left + reading->read);
  bool fails = run->options->hook_partial == HOOK_PARTIAL_FAIL && !run->options->allow_partial;
  return code == EXIT_CLEAN && fails ? EXIT_INCOMPLETE : code;
}

/* Often what the last run saw is what the commit has. Then its findings are what there was before,
 * and nothing has to be analysed for them. */
static bool recall_last_run(Views *views, const char *commit, Outcome *outcome) {
  Run *run = views->run;
  SourceTree tree = tree_of(views, commit);
  bool is_known = begin_known_view(run, tree.tree) &&
                  jobs_in(run, tree.tree)->count == run->project.jobs->count;
  is_known = is_known && run_was_last(run);
  if (is_known)
    *outcome = run_last_outcome(run);
  store_view_end(run->store);
  source_tree_free(&tree);
  return is_known;
}

static int report_staged(Views *views, const char *head, const ChangedPath *changes, size_t count) {
  Run *run = views->run;
  tell_unknown_sources(run, changes, count);
  SourceTree staged = repository_staged_tree(views->repository, &views->order, changes, count);
  Outcome before = {.complete = true};
  bool is_known = recall_last_run(views, head, &before);
  sort_by_nearness(run, changes, count);
  run->until = run->started + (run->options->seconds > 0 ? run->options->seconds : patience);
  run->keeps_old = true;
  enter(run, staged.tree);
  Outcome now = run_analyse(run);
  if (!is_known && could_be_shown(run, &now)) {
    ReadingResult reading = run->reading;
    store_view_end(run->store);
    before = analyse_commit(views, head);
    enter(run, staged.tree);
    run->reading = reading;
  }
  run->tree = staged.tree;
  Why *why = ask_why(views, head, staged.tree, &before, &now);
  if (why)
    now = why_tell(why);
  int code = report_new_ones(run, &before, &now);
  store_view_end(run->store);
  source_tree_free(&staged);
  end_why(why, head);
  return code_of_hook(run, code);
}

static int check_staged(Views *views) {
  Run *run = views->run;
  const Options *options = run->options;
  const char *head =
      repository_commit(views->repository, options->new_from_rev ? options->new_from_rev : "HEAD");
  size_t count;
  const ChangedPath *changes = repository_changes(views->repository, head, &count);
  if (!any_source(run, changes, count) && !path_exists(run->project.store_path))
    return report_nothing(run);
  if (!has_database(run))
    return EXIT_CLEAN;
  run->store = project_store(run->arena, options, &run->project, STORE_WRITE);
  run->reading.unchanged = run->project.jobs->count;
  return any_source(run, changes, count) ? report_staged(views, head, changes, count)
                                         : report_nothing(run);
}

int views_check_staged(Run *run) {
  check_options(run->options);
  Views views = views_of(run);
  int code = check_staged(&views);
  repository_close(views.repository);
  return code;
}

/* ---- the work tree and a revision */

static int report_new_from(Run *run) {
  Views views = views_of(run);
  const char *commit = repository_commit(views.repository, run->options->new_from_rev);
  Outcome now = run_last_outcome(run), before = {.complete = true};
  if (could_be_shown(run, &now))
    before = analyse_commit(&views, commit);
  Why *why = ask_why(&views, commit, NULL, &before, &now);
  if (why)
    now = why_tell(why);
  int code = report_new_ones(run, &before, &now);
  end_why(why, commit);
  repository_close(views.repository);
  return code;
}

static int report_changed(Run *run) {
  Views views = views_of(run);
  const char *commit = repository_commit(views.repository, run->options->diff);
  size_t count;
  const ChangedPath *changes = repository_changes(views.repository, commit, &count);
  SourceTree tree = repository_commit_tree(views.repository, &views.order, changes, count);
  run->chosen_context = changed_lines_since(run->arena, run->project.database->roots, tree.tree);
  run->chosen = changed_lines_touch;
  int code = report_plain(run);
  source_tree_free(&tree);
  repository_close(views.repository);
  return code;
}

int views_report(Run *run) {
  check_options(run->options);
  if (run->options->new_from_rev)
    return report_new_from(run);
  return run->options->diff ? report_changed(run) : report_plain(run);
}
