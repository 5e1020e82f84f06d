/* models.c - `overstay models`: what is known of functions of libraries, and from which line; with
 * --propose, lines for pairs that nobody describes. */
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "cli/outputs.h"
#include "command/commands.h"
#include "command/proposals.h"
#include "report/words.h"
#include "run/run.h"

enum { COLUMN = 38 };

typedef struct {
  Run run;
  Program *program;
} Models;

/* ---- one function */

static bool print_governing(const Models *m, const char *name) {
  TextId id = text_find(m->run.symbols, name);
  const char *origin = id ? models_origin(m->run.models, id) : NULL;
  if (!origin)
    return false;
  const Summary *summary = models_find(m->run.models, id);
  bool is_fallback = !summary;
  summary = summary ? summary : models_fallback(m->run.models, id);
  printf("%s\n  governed by %s%s\n", visible(m->run.arena, name), visible(m->run.arena, origin),
         is_fallback ? ", unless the program has a body for it" : "");
  summary_print(stdout, summary, m->run.symbols, NULL);
  return true;
}

static size_t bodies_of(const Models *m, const char *name) {
  size_t bodies = 0;
  for (uint32_t i = 0; i < m->program->function_count; i++) {
    const Declaration *declared = &m->program->functions[i].declared;
    bodies += !(declared->flags & FUNCTION_INITIALISER) && !strcmp(declared->key, name);
  }
  return bodies;
}

static void print_function(const Models *m, const char *name) {
  if (print_governing(m, name))
    return;
  if (!bodies_of(m, name))
    die(EXIT_USAGE, "no model has a line for '%s', and the program has no body for it", name);
  printf("%s\n  governed by its own code: overstay contract %s\n", visible(m->run.arena, name),
         visible(m->run.arena, name));
}

/* ---- all that the program calls */

static int compare_texts(const void *left, const void *right) {
  return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Names that it calls and has no body for, sorted, each once. */
static const char **library_calls(const Models *m, size_t *count) {
  size_t names = text_count(m->run.symbols);
  bool *defined = arena_new_array(m->run.arena, bool, names),
       *taken = arena_new_array(m->run.arena, bool, names);
  const char **called = arena_new_array(m->run.arena, const char *, names);
  *count = 0;
  for (uint32_t i = 0; i < m->program->function_count; i++)
    defined[m->program->functions[i].key] = true;
  for (uint32_t i = 0; i < m->program->function_count; i++) {
    const FunctionLinks *links = m->program->functions[i].declared.links;
    for (uint32_t k = 0; k < links->call_count; k++) {
      TextId id = text_find(m->run.symbols, links->calls[k]);
      if (!defined[id] && !taken[id])
        called[(*count)++] = links->calls[k];
      taken[id] = true;
    }
  }
  if (*count)
    qsort(called, *count, sizeof *called, compare_texts);
  return called;
}

static void print_all(const Models *m) {
  size_t count, unknown = 0;
  const char **called = library_calls(m, &count);
  for (size_t i = 0; i < count; i++) {
    TextId id = text_find(m->run.symbols, called[i]);
    const char *origin = models_origin(m->run.models, id);
    if (origin)
      printf("%-*s %s\n", COLUMN, visible(m->run.arena, called[i]), visible(m->run.arena, origin));
    unknown += !origin;
  }
  inform("%zu functions of libraries are called; nothing is known of %zu of them, which is no harm "
         "where they do nothing to locks and threads (overstay models --propose)",
         count, unknown);
}

/* ---- proposals */

/* "queue_lock(_, x)" */
static void print_head(const char *name, uint32_t arity, int32_t argument) {
  int width = printf("%s(", name);
  for (uint32_t i = 0; i < arity; i++)
    width += printf("%s%s", i ? ", " : "", (int32_t)i == argument ? "x" : "_");
  width += printf(")");
  printf("%*s : ", width < COLUMN ? COLUMN - width : 0, "");
}

/* The first one succeeds only with this result. */
static const char *guard_of(const Proposal *pair) {
  if (!pair->tested[0] && !pair->tested[1])
    return "";
  return pair->tested[0] > pair->tested[1] ? " if ret == 0" : " if ret != 0";
}

static void print_lines(const Proposal *pair) {
  bool by_argument = pair->first_argument >= 0;
  print_head(pair->first, pair->first_arity, pair->first_argument);
  if (pair->role == ROLE_RESOURCE)
    printf("open ret %s%s\n", pair->first, guard_of(pair));
  else if (by_argument)
    printf("acquire *x%s\n", guard_of(pair));
  else
    printf("acquire @%s%s\n", pair->first, guard_of(pair));
  print_head(pair->second, pair->second_arity, pair->second_argument);
  if (pair->role == ROLE_RESOURCE)
    puts("close x");
  else if (by_argument)
    puts("release *x");
  else
    printf("release @%s\n", pair->first);
}

static void print_proposal(const Proposal *pair) {
  printf(
      "# %u of %u calls of %s are followed by %s on every way out (z = %.1f), in %u function%s\n",
      pair->followed, pair->calls, pair->first, pair->second, pair->score, pair->functions,
      pair->functions == 1 ? "" : "s");
  if (pair->has_body)
    puts("# it has a body, which does nothing to a lock that is known: is it one of its own "
         "making?");
  if (pair->role == ROLE_UNKNOWN)
    puts("# what they do is not known: no line is proposed");
  else
    print_lines(pair);
  putchar('\n');
}

/* Of each function: does its body leave locks alone? */
static const bool *plain_bodies(const Models *m) {
  size_t count;
  const StoredFunction *functions = store_functions(m->run.store, &count);
  bool *plain = arena_new_array(m->run.arena, bool, count);
  Arena *scratch = arena_new();
  for (size_t i = 0; i < count; i++, arena_reset(scratch)) {
    StoredSummary stored;
    if (!store_get_summary(m->run.store, scratch, functions[i].id, SUMMARY_WHOLE, &stored))
      continue;
    ByteReader reader = bytes_reader(stored.bytes, stored.count);
    const Summary *summary = summary_read(scratch, &reader, m->run.symbols);
    plain[i] = summary && summary->flags & (SUMMARY_IDENTITY | SUMMARY_NO_LOCKS);
  }
  arena_free(scratch);
  return plain;
}

static void propose(const Models *m) {
  uint32_t count, shown = 0;
  const Proposal *pairs = proposals_find(m->run.arena, m->program, plain_bodies(m), &count);
  for (uint32_t i = 0; i < count; i++)
    if (proposal_is_sure(&pairs[i])) {
      print_proposal(&pairs[i]);
      shown++;
    }
  inform(
      "%u pair%s of unknown functions found by their names, %u of which keep%s together; what is "
      "right goes into .overstay.model",
      count, count == 1 ? "" : "s", shown, shown == 1 ? "s" : "");
}

/* ---- the command */

int command_models(const Options *options) {
  Models m = {.run = {.arena = arena_new(), .options = options}};
  if (options->propose && options->arguments.count)
    die(EXIT_USAGE, "models: --propose is about the whole program, not about '%s'",
        options->arguments.at[0]);
  m.run.project = project_find(m.run.arena, options);
  run_load_models(&m.run);
  m.run.store = project_store(m.run.arena, options, &m.run.project, STORE_READ);
  m.program = analyse_link(m.run.arena, m.run.store, &m.run.project, m.run.models, m.run.symbols);
  if (options->propose)
    propose(&m);
  else if (options->arguments.count)
    print_function(&m, options->arguments.at[0]);
  else
    print_all(&m);
  outputs_finish_stdout();
  program_free(m.program);
  store_close(m.run.store);
  models_free(m.run.models);
  text_pool_free(m.run.symbols);
  arena_free(m.run.arena);
  return EXIT_CLEAN;
}
