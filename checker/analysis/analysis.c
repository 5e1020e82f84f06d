/* analysis.c - the bottom-up pass: every component of the call graph after those it calls. The
 * steps are always the same; what an earlier run has of one of them is taken over as long as its
 * trace holds. */
#include "analysis/remember.h"

typedef struct {
  Member *members;
  uint32_t count;
} Component;

/* Nothing is known yet of a member of a cycle: it does not return. Rounds make that true or not. */
static const Summary *unreached(Analysis *analysis) {
  Summary *summary = arena_new_one(analysis->run, Summary);
  summary->terms = analysis->terms;
  return summary;
}

/* The code of one function at a time, with what it asks: large programs have components of
 * thousands. */
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

static void analyse_round(Analysis *analysis, Member *member) {
  Round *round = arena_new_one(analysis->component, Round);
  trace_reset(&round->trace, analysis->code);
  round->summary = with_code(analysis, member->function, &round->trace, false);
  round->trace.queries = arena_copy(analysis->component, round->trace.queries,
                                    sizeof *round->trace.queries * round->trace.count);
  round->trace.room = round->trace.count;
  round->summary_hash = round->summary->hash;
  round->answers = trace_answers(analysis, member->function, &round->trace);
  program_set_summary(member->function, round->summary);
  member->rounds[member->round_count++] = round;
  member->is_analysed = true;
}

static bool round_of(Analysis *analysis, const Component *c) {
  bool any = false;
  for (uint32_t i = 0; i < c->count; i++) {
    Member *member = &c->members[i];
    ProgramFunction *function = member->function;
    if (is_settled(analysis, function))
      continue;
    Moments *moments = &analysis->moments[function->id];
    moments->analysed = ++analysis->moment;
    Hash before = function->summary_hash;
    if (!member_recall_round(analysis, member))
      analyse_round(analysis, member);
    bool changed = !hash_equal(before, function->summary_hash);
    if (changed)
      moments->changed = ++analysis->moment;
    any |= changed;
  }
  return any;
}

static void go_round(Analysis *analysis, const Component *c) {
  for (uint32_t i = 0; i < c->count; i++)
    program_set_summary(c->members[i].function, unreached(analysis));
  for (int round = 0; round < RECURSION_ROUNDS; round++)
    if (!round_of(analysis, c))
      break;
}

/* The last analysis, which is the one that rules look at. */
static void analyse(Analysis *analysis, Member *member) {
  Trace trace;
  trace_reset(&trace, analysis->code);
  const Summary *summary = with_code(analysis, member->function, &trace, true);
  Hash answers = trace_answers(analysis, member->function, &trace); // it may be one of its callees
  program_set_summary(member->function, summary);
  analysis->lock_functions += analysis->has_events;
  analysis->direct_lock_functions += analysis->locks_itself;
  member->is_analysed = true;
  if (analysis->memory)
    member_keep(analysis, member, &trace, answers);
}

static void visit(Analysis *analysis, const uint32_t *ids, uint32_t count) {
  ProgramFunction *functions = analysis->program->functions;
  if (functions[ids[0]].declared.flags & FUNCTION_INITIALISER)
    return;
  arena_reset(analysis->component);
  arena_reset(analysis->scratch);
  Component c = {arena_new_array(analysis->component, Member, count), count};
  for (uint32_t i = 0; i < count; i++)
    c.members[i] = member_new(analysis, &functions[ids[i]]);
  if (functions[ids[0]].recursive)
    go_round(analysis, &c);
  for (uint32_t i = 0; i < count; i++) {
    Member *member = &c.members[i];
    if (member_recall(analysis, member))
      member_keep_rounds(analysis, member);
    else
      analyse(analysis, member);
    analysis->analysed += member->is_analysed;
  }
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
  analysis->constants = constants_new(program, analysis->is_whole);
  analysis->degraded = arena_new_array(analysis->run, const char *, program->function_count);
  for (uint32_t i = 0; i < program->component_count; i++) {
    uint32_t first = program->component_starts[i];
    visit(analysis, program->order + first, program->component_starts[i + 1] - first);
  }
  constants_free(analysis->constants);
  kinds_free(analysis->kinds);
  summary_set_free(analysis->summaries);
  terms_free(analysis->terms);
  arena_free(analysis->code);
  arena_free(analysis->component);
  arena_free(analysis->crossing);
  arena_free(analysis->transit);
  arena_free(analysis->scratch);
}
