/* contract_gather.c - see contract.h. Locks and threads are what the summary says, as callers see
 * it; what may wait is looked for in all that is called. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command/contract.h"

enum { MOST_BLOCKS = 8 };

/* ---- what it does */

static void read_summary(const ContractSource *source, uint32_t index, const StoredFunction *stored,
                         Contract *contract) {
  StoredSummary bytes;
  if (!store_get_summary(source->store, source->arena, stored->id, SUMMARY_WHOLE, &bytes))
    return;
  ByteReader reader = bytes_reader(bytes.bytes, bytes.count);
  const Summary *summary = summary_read(source->arena, &reader, source->symbols);
  if (!summary)
    return;
  const Function *function = store_function(source->store, source->arena, index);
  const char **names = arena_new_array(source->arena, const char *, function->parameter_count + 1);
  for (uint32_t i = 0; i < function->parameter_count; i++)
    names[i] = function->locals[i].name;
  contract->promises = promises_of(source->arena, summary, source->symbols,
                                   &(ParameterNames){names, function->parameter_count});
  contract->has_summary = true;
  contract->never_returns = summary_never_returns(summary);
  contract->may_be_cancelled = summary->flags & SUMMARY_CANCEL_POINT;
  contract->ends_thread = summary->flags & SUMMARY_ENDS_THREAD;
  contract->is_degraded = summary->flags & SUMMARY_DEGRADED;
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
