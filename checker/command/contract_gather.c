/* contract_gather.c - see contract.h. Locks and threads are what the summary says, as callers see
 * it; what may wait is looked for in all that is called. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command/contract.h"

enum { MOST_BLOCKS = 8 };

typedef struct {
  const ContractSource *source;
  const Summary *summary;
  ParameterNames names;
} Reader;

/* ---- words */

/* As the programmer would write it. */
static const char *term_words(const Reader *r, TermId term) {
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  term_print(out, r->summary->terms, r->source->symbols, term, &r->names);
  fclose(out);
  const char *copy = arena_text(r->source->arena, text);
  memory_free(text);
  return copy;
}

static const char *condition_words(const Reader *r, const Case *c) {
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  for (uint32_t i = 0; i < c->condition_count; i++) {
    fputs(i ? " and " : "", out);
    condition_print(out, r->summary->terms, r->source->symbols, &c->conditions[i], &r->names);
  }
  fclose(out);
  const char *copy = arena_text(r->source->arena, text);
  memory_free(text);
  return copy;
}

static const char *bound_words(Arena *arena, int64_t bound) {
  return bound == INT64_MIN || bound == INT64_MAX ? "any" : arena_printf(arena, "%" PRId64, bound);
}

static const char *result_words(const Reader *r, const Case *c) {
  Arena *arena = r->source->arena;
  if (c->no_return)
    return "does not return";
  if (c->result)
    return term_words(r, c->result);
  if (c->low == INT64_MIN && c->high == INT64_MAX)
    return c->no_zero ? "not 0" : "";
  if (c->low == c->high)
    return arena_printf(arena, "%" PRId64, c->low);
  if (c->low == INT64_MIN)
    return c->high == -1 ? "below 0" : arena_printf(arena, "at most %" PRId64, c->high);
  if (c->high == INT64_MAX)
    return c->low == 1 ? "above 0" : arena_printf(arena, "at least %" PRId64, c->low);
  return arena_printf(arena, "%s to %s", bound_words(arena, c->low), bound_words(arena, c->high));
}

/* NULL: nothing that a caller has to know. */
static const char *action_word(const Effect *effect) {
  static const char *const words[ACTION_COUNT] = {
      [ACTION_ACQUIRE] = "acquire", [ACTION_RELEASE] = "release",
      [ACTION_REQUIRE] = "require", [ACTION_USE] = "use",
      [ACTION_MAYBE] = "maybe",     [ACTION_RELEASE_ALL] = "release-all",
      [ACTION_INIT] = "init",       [ACTION_DESTROY] = "destroy",
      [ACTION_WAIT] = "wait",       [ACTION_OPEN] = "open",
      [ACTION_CLOSE] = "close",     [ACTION_SPAWN] = "spawn",
      [ACTION_JOIN] = "join",       [ACTION_DETACH] = "detach",
      [ACTION_CANCEL] = "cancel",
  };
  bool of_thread = effect->resource == RESOURCE_THREAD;
  if (of_thread && effect->action == ACTION_ACQUIRE)
    return "spawn";
  if (of_thread && effect->action == ACTION_RELEASE)
    return "join";
  if (of_thread && effect->action == ACTION_USE)
    return NULL; // a thread that it creates and joins itself
  return words[effect->action];
}

static const char *kind_words(const Reader *r, const Effect *effect) {
  const char *kind =
      effect->resource == RESOURCE_THREAD ? "" : text_of(r->source->symbols, effect->text);
  if (effect->resource != RESOURCE_LOCK || !(effect->flags & LOCK_READ))
    return kind;
  return *kind ? arena_printf(r->source->arena, "%s, read", kind) : "read";
}

/* ---- what it does */

static bool same_deed(const ContractDeed *a, const ContractDeed *b) {
  return !strcmp(a->action, b->action) && !strcmp(a->what, b->what) && !strcmp(a->kind, b->kind);
}

/* A wait with its mutex, which the caller has to hold. */
static const char *what_words(const Reader *r, const Effect *effect) {
  const char *place = term_words(r, effect->place);
  return effect->action == ACTION_WAIT && effect->other
             ? arena_printf(r->source->arena, "%s with %s", place, term_words(r, effect->other))
             : place;
}

static bool is_in_case(const Reader *r, const ContractDeed *deed, const Case *c) {
  for (uint32_t i = 0; i < c->effect_count; i++) {
    const char *action = action_word(&c->effects[i]);
    ContractDeed other = {action, what_words(r, &c->effects[i]), kind_words(r, &c->effects[i]), "",
                          ""};
    if (action && same_deed(deed, &other))
      return true;
  }
  return false;
}

static bool is_in_all_cases(const Reader *r, const ContractDeed *deed) {
  for (uint32_t i = 0; i < r->summary->case_count; i++)
    if (!r->summary->cases[i].no_return && !is_in_case(r, deed, &r->summary->cases[i]))
      return false;
  return true;
}

static bool is_listed(const Contract *contract, const ContractDeed *deed) {
  for (uint32_t i = 0; i < contract->deed_count; i++)
    if (same_deed(&contract->deeds[i], deed) && !strcmp(contract->deeds[i].when, deed->when) &&
        !strcmp(contract->deeds[i].result, deed->result))
      return true;
  return false;
}

static void add_deeds(const Reader *r, Contract *contract, const Case *c) {
  for (uint32_t i = 0; i < c->effect_count; i++) {
    const Effect *effect = &c->effects[i];
    if (!action_word(effect))
      continue;
    ContractDeed deed = {action_word(effect), what_words(r, effect), kind_words(r, effect), "", ""};
    if (!is_in_all_cases(r, &deed)) {
      deed.when = condition_words(r, c);
      deed.result = result_words(r, c);
    }
    if (!is_listed(contract, &deed))
      contract->deeds[contract->deed_count++] = deed;
  }
}

static void read_summary(const ContractSource *source, uint32_t index, const StoredFunction *stored,
                         Contract *contract) {
  StoredSummary bytes;
  if (!store_get_summary(source->store, source->arena, stored->id, SUMMARY_WHOLE, &bytes))
    return;
  ByteReader reader = bytes_reader(bytes.bytes, bytes.count);
  Reader r = {.source = source, .summary = summary_read(source->arena, &reader, source->symbols)};
  if (!r.summary)
    return;
  const Function *function = store_function(source->store, source->arena, index);
  const char **names = arena_new_array(source->arena, const char *, function->parameter_count + 1);
  for (uint32_t i = 0; i < function->parameter_count; i++)
    names[i] = function->locals[i].name;
  r.names = (ParameterNames){names, function->parameter_count};
  size_t effects = 0;
  for (uint32_t i = 0; i < r.summary->case_count; i++)
    effects += r.summary->cases[i].effect_count;
  contract->deeds = arena_new_array(source->arena, ContractDeed, effects);
  for (uint32_t i = 0; i < r.summary->case_count; i++)
    add_deeds(&r, contract, &r.summary->cases[i]);
  contract->has_summary = true;
  contract->never_returns = summary_never_returns(r.summary);
  contract->may_be_cancelled = r.summary->flags & SUMMARY_CANCEL_POINT;
  contract->ends_thread = r.summary->flags & SUMMARY_ENDS_THREAD;
  contract->is_degraded = r.summary->flags & SUMMARY_DEGRADED;
}

/* ---- threads */

static void find_threads(const ContractSource *source, Contract *contract) {
  const RuleRun *run = source->run;
  size_t count = 0;
  for (uint32_t i = 0; i < run->life_count; i++)
    count += run->lives[i].event_count;
  contract->threads = arena_new_array(source->arena, const LifeEvent *, count);
  contract->lives = arena_new_array(source->arena, const ThreadLife *, count);
  for (uint32_t i = 0; i < run->life_count; i++)
    for (uint32_t k = 0; k < run->lives[i].event_count; k++) {
      const LifeEvent *event = &run->lives[i].events[k];
      if (strcmp(event->function, contract->name) || strcmp(event->path, contract->path))
        continue;
      contract->threads[contract->thread_count] = event;
      contract->lives[contract->thread_count++] = &run->lives[i];
    }
}

/* ---- containers */

static void find_contents(const ContractSource *source, uint32_t function, Contract *contract) {
  const RuleRun *run = source->run;
  contract->contents = arena_new_array(source->arena, const ContentDeed *, run->content_deed_count);
  for (uint32_t i = 0; i < run->content_deed_count; i++) {
    const ContentDeed *deed = &run->content_deeds[i];
    bool is_known = deed->function != function;
    for (uint32_t k = 0; k < contract->content_count && !is_known; k++)
      is_known = contract->contents[k]->kind == deed->kind &&
                 !strcmp(contract->contents[k]->name, deed->name);
    if (!is_known)
      contract->contents[contract->content_count++] = deed;
  }
}

/* ---- data that locks guard */

static void find_guards(const ContractSource *source, uint32_t function, Contract *contract) {
  const RuleRun *run = source->run;
  contract->guards = arena_new_array(source->arena, const GuardDeed *, run->guard_count);
  for (uint32_t i = 0; i < run->guard_count; i++) {
    const GuardDeed *deed = &run->guards[i];
    bool is_known = deed->function != function;
    for (uint32_t k = 0; k < contract->guard_count && !is_known; k++)
      is_known = !strcmp(contract->guards[k]->datum, deed->datum);
    if (!is_known)
      contract->guards[contract->guard_count++] = deed;
  }
}

/* ---- what may wait */

static const char *blocking_kind(const ContractSource *source, const Summary *model) {
  for (uint32_t i = 0; model && i < model->case_count; i++)
    for (uint32_t k = 0; k < model->cases[i].effect_count; k++)
      if (model->cases[i].effects[k].action == ACTION_BLOCK)
        return text_of(source->symbols, model->cases[i].effects[k].text);
  return NULL;
}

static void add_block(Contract *contract, const ContractBlock *block) {
  for (uint32_t i = 0; i < contract->block_count; i++)
    if (!strcmp(contract->blocks[i].callee, block->callee))
      return;
  if (contract->block_count < MOST_BLOCKS)
    contract->blocks[contract->block_count++] = *block;
}

/* The model that governs a callee: some give way to a body. */
static const Summary *model_of(const Program *program, const ProgramFunction *caller,
                               TextId callee) {
  const Summary *model = models_find(program->models, callee);
  return model || program_resolve(program, caller, callee).count
             ? model
             : models_fallback(program->models, callee);
}

static void find_own_blocks(const ContractSource *source, uint32_t id, uint32_t calls,
                            Contract *contract) {
  const ProgramFunction *function = &source->program->functions[id];
  const Declaration *declared = &function->declared;
  for (uint32_t i = 0; i < declared->links->call_count; i++) {
    const char *callee = declared->links->calls[i];
    TextId symbol = text_find(source->symbols, callee);
    const Summary *model = symbol ? model_of(source->program, function, symbol) : NULL;
    const char *kind = blocking_kind(source, model);
    if (kind)
      add_block(contract, &(ContractBlock){callee, kind, declared->name, declared->source, calls});
  }
}

/* In the order of nearness. A function that a model governs is what the model says. */
static void find_blocks(const ContractSource *source, uint32_t function, Contract *contract) {
  const Program *program = source->program;
  Arena *scratch = arena_new();
  bool *seen = arena_new_array(scratch, bool, program->function_count);
  uint32_t *queue = arena_new_array(scratch, uint32_t, program->function_count),
           *calls = arena_new_array(scratch, uint32_t, program->function_count);
  uint32_t count = 0;
  contract->blocks = arena_new_array(source->arena, ContractBlock, MOST_BLOCKS);
  queue[count++] = function;
  seen[function] = true;
  for (uint32_t i = 0; i < count; i++) {
    const ProgramFunction *here = &program->functions[queue[i]];
    find_own_blocks(source, queue[i], calls[i], contract);
    for (uint32_t k = 0; k < here->callee_count; k++) {
      uint32_t callee = here->callees[k];
      if (seen[callee] || program->functions[callee].has_model)
        continue;
      seen[callee] = true;
      calls[count] = calls[i] + 1;
      queue[count++] = callee;
    }
  }
  arena_free(scratch);
}

Contract contract_of(const ContractSource *source, uint32_t function) {
  size_t count;
  const StoredFunction *stored = &store_functions(source->store, &count)[function];
  const ProgramFunction *known = &source->program->functions[function];
  Contract contract = {.name = stored->name,
                       .path = stored->source,
                       .frame = source->run->frames[function],
                       .need = source->run->needs[function],
                       .recursive = known->recursive};
  if (known->has_model)
    contract.governed_by = models_origin(source->program->models, known->key);
  read_summary(source, function, stored, &contract);
  find_threads(source, &contract);
  find_contents(source, function, &contract);
  find_guards(source, function, &contract);
  find_blocks(source, function, &contract);
  return contract;
}
