/* analysis.c - the bottom-up pass: every component of the call graph after those it calls. What an
 * earlier run found is taken over as long as its trace holds, for all members of a component or
 * for none. */
#include "analysis/engine.h"
#include "analysis/trace.h"

enum { RECURSION_ROUNDS = 4 };

typedef struct {
  const uint32_t *ids;
  uint32_t count;
} Component;

static ProgramFunction *member(const Analysis *analysis, const Component *c, uint32_t i) {
  return &analysis->program->functions[c->ids[i]];
}

/* Who else is in the cycle is part of what a result depends on. */
static Hash members_hash(const Analysis *analysis, const Component *c) {
  Hash hash = {0};
  for (uint32_t i = 0; i < c->count && member(analysis, c, 0)->recursive; i++) {
    const Declaration *declared = &member(analysis, c, i)->declared;
    hash = hash_pair(hash, hash_pair(hash_text(declared->key), declared->body_hash));
  }
  return hash;
}

/* ---- from memory: bytes are whether names of locals matter, the trace, and the result */

/* Local names stand in messages only, so they count where something was told. */
static Hash answers(const Analysis *analysis, const ProgramFunction *function, const Trace *trace,
                    bool is_told) {
  Hash hash = trace_answers(analysis, function, trace);
  return is_told ? hash_pair(hash, function->declared.names_hash) : hash;
}

static bool holds(const Analysis *analysis, const ProgramFunction *function,
                  const Remembered *remembered, ByteReader *rest) {
  *rest = bytes_reader(remembered->bytes, remembered->count);
  bool is_told = bytes_get_u8(rest);
  Trace trace = trace_read(analysis->component, rest, function, analysis->program->symbols);
  return !rest->failed &&
         hash_equal(answers(analysis, function, &trace, is_told), remembered->answers);
}

static void take_over(Analysis *analysis, ProgramFunction *function, Hash summary_hash,
                      ByteReader *rest) {
  analysis->lock_functions += bytes_get_u8(rest);
  analysis->direct_lock_functions += bytes_get_u8(rest);
  const char *degraded = bytes_get_text(rest, analysis->run);
  analysis->degraded[function->id] = *degraded ? degraded : NULL;
  if (analysis->observer)
    analysis->observer->read(analysis->observer, function, rest);
  function->has_summary = true;
  function->summary_hash = summary_hash;
}

static bool recall(Analysis *analysis, const Component *c, Hash members) {
  const Memory *memory = analysis->memory;
  Remembered *remembered = arena_new_array(analysis->component, Remembered, c->count);
  ByteReader *rest = arena_new_array(analysis->component, ByteReader, c->count);
  for (uint32_t i = 0; i < c->count; i++)
    if (!memory->recall(memory->context, analysis->component, member(analysis, c, i), members,
                        &remembered[i]) ||
        !holds(analysis, member(analysis, c, i), &remembered[i], &rest[i]))
      return false;
  for (uint32_t i = 0; i < c->count; i++)
    take_over(analysis, member(analysis, c, i), remembered[i].summary_hash, &rest[i]);
  return true;
}

static void keep(Analysis *analysis, const ProgramFunction *function, Hash members) {
  const Memory *memory = analysis->memory;
  ByteWriter told = {0}, bytes = {0};
  bool is_told = analysis->observer && analysis->observer->write(analysis->observer, &told);
  bytes_put_u8(&bytes, is_told);
  trace_write(&bytes, analysis->trace, function, analysis->program->symbols);
  bytes_put_u8(&bytes, analysis->has_events);
  bytes_put_u8(&bytes, analysis->locks_itself);
  bytes_put_text(&bytes, analysis->degraded[function->id]);
  bytes_put_raw(&bytes, told.at, told.count);
  Remembered remembered = {.answers = answers(analysis, function, analysis->trace, is_told),
                           .summary_hash = function->summary_hash,
                           .bytes = bytes.at,
                           .count = bytes.count};
  memory->keep(memory->context, function, members, &remembered);
  bytes_free(&told);
  bytes_free(&bytes);
}

/* ---- anew */

/* Nothing is known yet of a member of a cycle: it does not return. Rounds make that true or not. */
static const Summary *unreached(Analysis *analysis) {
  Summary *summary = arena_new_one(analysis->run, Summary);
  summary->terms = analysis->terms;
  return summary;
}

/* The code of one function at a time: large programs have components of thousands. */
static const Summary *with_code(Analysis *analysis, ProgramFunction *function, Trace *trace,
                                bool observe) {
  arena_reset(analysis->code);
  program_load(analysis->program, function, analysis->code);
  analysis->trace = trace;
  const Summary *summary = analysis_function(analysis, function, observe);
  program_unload(function);
  return summary;
}

/* Its last round still holds while no callee has another summary: those outside of the component
 * never change. */
static bool is_settled(const Analysis *analysis, const ProgramFunction *function) {
  const Moments *moments = analysis->moments;
  uint32_t analysed = moments[function->id].analysed;
  for (uint32_t i = 0; i < function->callee_count && analysed; i++)
    if (moments[function->callees[i]].changed > analysed)
      return false;
  return analysed;
}

static bool round_of(Analysis *analysis, const Component *c, Trace *traces) {
  bool any = false;
  for (uint32_t i = 0; i < c->count; i++) {
    ProgramFunction *function = member(analysis, c, i);
    if (is_settled(analysis, function))
      continue;
    Moments *moments = &analysis->moments[function->id];
    moments->analysed = ++analysis->moment;
    const Summary *summary = with_code(analysis, function, &traces[i], false);
    bool changed = !hash_equal(summary->hash, function->summary_hash);
    if (changed)
      moments->changed = ++analysis->moment;
    any |= changed;
    program_set_summary(function, summary);
  }
  return any;
}

static void analyse(Analysis *analysis, const Component *c, Hash members) {
  Trace *traces = arena_new_array(analysis->component, Trace, c->count);
  for (uint32_t i = 0; i < c->count; i++) {
    trace_reset(&traces[i], analysis->component);
    if (member(analysis, c, i)->recursive)
      program_set_summary(member(analysis, c, i), unreached(analysis));
  }
  for (int round = 0; round < RECURSION_ROUNDS && member(analysis, c, 0)->recursive; round++)
    if (!round_of(analysis, c, traces))
      break;
  for (uint32_t i = 0; i < c->count; i++) {
    ProgramFunction *function = member(analysis, c, i);
    program_set_summary(function, with_code(analysis, function, &traces[i], true));
    analysis->lock_functions += analysis->has_events;
    analysis->direct_lock_functions += analysis->locks_itself;
    analysis->analysed++;
    if (analysis->memory)
      keep(analysis, function, members);
  }
}

static void visit(Analysis *analysis, const Component *c) {
  if (member(analysis, c, 0)->declared.flags & FUNCTION_INITIALISER)
    return;
  arena_reset(analysis->component);
  arena_reset(analysis->scratch);
  Hash members = members_hash(analysis, c);
  if (!analysis->memory || !recall(analysis, c, members))
    analyse(analysis, c, members);
}

void analysis_run(Analysis *analysis) {
  Program *program = analysis->program;
  analysis->scratch = arena_new();
  analysis->transit = arena_new();
  analysis->crossing = arena_new();
  analysis->component = arena_new();
  analysis->moments = arena_new_array(analysis->run, Moments, program->function_count);
  analysis->code = arena_new();
  analysis->terms = terms_new();
  analysis->summaries = summary_set_new(analysis->run, program->symbols);
  analysis->kinds = kinds_new(program);
  analysis->degraded = arena_new_array(analysis->run, const char *, program->function_count);
  for (uint32_t i = 0; i < program->component_count; i++) {
    uint32_t first = program->component_starts[i];
    visit(analysis, &(Component){program->order + first, program->component_starts[i + 1] - first});
  }
  kinds_free(analysis->kinds);
  summary_set_free(analysis->summaries);
  terms_free(analysis->terms);
  arena_free(analysis->code);
  arena_free(analysis->component);
  arena_free(analysis->crossing);
  arena_free(analysis->transit);
  arena_free(analysis->scratch);
}
