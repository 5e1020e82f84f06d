/* remember.c - see remember.h. What is stored: whether names of locals matter, and whether there
 * are rounds; the trace; the rounds; the result. */
#include "analysis/remember.h"

#include <string.h>

#include "base/message.h"

enum { TOLD = 1, ROUNDS = 2 }; // the first byte

/* ---- bytes of rounds */

static void write_round(const Analysis *analysis, const Member *member, const Round *round,
                        uint32_t number, ByteWriter *out) {
  trace_write(out, &round->trace, member->function, analysis->program->symbols);
  bytes_put_hash(out, round->answers);
  bytes_put_u(out, number);
  if (number)
    bytes_put_hash(out, round->summary_hash);
}

static Round read_round(const Analysis *analysis, const Member *member, ByteReader *in) {
  Round round = {
      .trace = trace_read(analysis->component, in, member->function, analysis->program->symbols)};
  round.answers = bytes_get_hash(in);
  round.number = bytes_get_u32(in);
  round.summary_hash = round.number ? bytes_get_hash(in) : member->last.summary_hash;
  return round;
}

static void read_rounds(const Analysis *analysis, Member *member, ByteReader *in) {
  member->past_count = (uint32_t)bytes_get_count(in, sizeof(Hash));
  member->past = arena_new_array(analysis->component, Round, member->past_count);
  for (uint32_t i = 0; i < member->past_count && !in->failed; i++)
    member->past[i] = read_round(analysis, member, in);
}

/* ---- summaries of rounds stand after the one in the end, which is most of what they say */

/* The bytes of the summary with this number. */
static ByteReader stored_summary(const Analysis *analysis, Arena *arena,
                                 const ProgramFunction *function, uint32_t number) {
  const Memory *memory = analysis->memory;
  ByteReader in = memory->summaries(memory->context, arena, function), found = in;
  if (!number)
    return in;
  summary_read(arena, &in, analysis->program->symbols);
  for (uint32_t i = 0; i < number; i++) {
    size_t count = bytes_get_count(&in, 1);
    const void *bytes = bytes_get_raw(&in, count);
    if (bytes)
      found = bytes_reader(bytes, count);
  }
  if (in.failed)
    bug("summaries that were stored of function '%s' cannot be read", function->declared.key);
  return found;
}

static const Summary *summary_of(const Analysis *analysis, Arena *arena,
                                 const ProgramFunction *function, const Round *round) {
  if (round->summary)
    return round->summary;
  ByteReader in = stored_summary(analysis, arena, function, round->number);
  const Summary *summary = summary_read(arena, &in, analysis->program->symbols);
  if (!summary || !hash_equal(summary->hash, round->summary_hash))
    bug("a summary that was stored of function '%s' cannot be read", function->declared.key);
  return summary;
}

typedef struct {
  Hash hashes[RECURSION_ROUNDS + 1]; // the first is of the one in the end
  uint32_t count;
  ByteWriter bytes; // of the others
} Summaries;

static uint32_t add_summary(const Analysis *analysis, const ProgramFunction *function,
                            const Round *round, Summaries *summaries) {
  for (uint32_t i = 0; i < summaries->count; i++)
    if (hash_equal(summaries->hashes[i], round->summary_hash))
      return i;
  Arena *scratch = arena_new();
  ByteWriter bytes = {0};
  summary_write(&bytes, summary_of(analysis, scratch, function, round), analysis->program->symbols);
  bytes_put_u(&summaries->bytes, bytes.count);
  bytes_put_raw(&summaries->bytes, bytes.at, bytes.count);
  bytes_free(&bytes);
  arena_free(scratch);
  summaries->hashes[summaries->count] = round->summary_hash;
  return summaries->count++;
}

/* ---- from memory */

Member member_new(const Analysis *analysis, ProgramFunction *function) {
  Member member = {.function = function};
  const Memory *memory = analysis->memory;
  if (!memory || !memory->recall(memory->context, analysis->component, function, &member.last))
    return member;
  ByteReader in = bytes_reader(member.last.bytes, member.last.count);
  uint8_t flags = bytes_get_u8(&in);
  member.is_told = flags & TOLD;
  member.trace = trace_read(analysis->component, &in, function, analysis->program->symbols);
  if (flags & ROUNDS)
    read_rounds(analysis, &member, &in);
  member.rest = in;
  member.is_remembered = !in.failed;
  if (in.failed)
    member.past_count = 0;
  return member;
}

/* Known by its hash: whoever asks for more has it read (analysis_summary). */
static void set_summary_hash(Analysis *analysis, ProgramFunction *function, Hash hash,
                             const Round *round) {
  function->has_summary = true;
  function->summary = NULL;
  function->summary_hash = hash;
  analysis->moments[function->id].round = round;
}

const Summary *analysis_summary(Analysis *analysis, uint32_t id) {
  ProgramFunction *function = &analysis->program->functions[id];
  const Round *round = analysis->moments[id].round;
  if (function->summary || !round)
    return program_summary(analysis->program, id);
  Arena *scratch = arena_new();
  function->summary =
      summary_set_keep(analysis->summaries, summary_of(analysis, scratch, function, round));
  arena_free(scratch);
  return function->summary;
}

bool member_recall_round(Analysis *analysis, Member *member) {
  for (uint32_t i = 0; i < member->past_count; i++) {
    const Round *round = &member->past[i];
    if (!hash_equal(trace_answers(analysis, member->function, &round->trace), round->answers))
      continue;
    set_summary_hash(analysis, member->function, round->summary_hash, round);
    member->rounds[member->round_count++] = round;
    return true;
  }
  return false;
}

/* Local names stand in messages only, so they count where something was told. */
static Hash with_names(const ProgramFunction *function, Hash answers, bool is_told) {
  return is_told ? hash_pair(answers, function->declared.names_hash) : answers;
}

bool member_recall(Analysis *analysis, Member *member) {
  ProgramFunction *function = member->function;
  if (!member->is_remembered ||
      !hash_equal(
          with_names(function, trace_answers(analysis, function, &member->trace), member->is_told),
          member->last.answers))
    return false;
  ByteReader rest = member->rest;
  analysis->lock_functions += bytes_get_u8(&rest);
  analysis->direct_lock_functions += bytes_get_u8(&rest);
  const char *degraded = bytes_get_text(&rest, analysis->run);
  analysis->degraded[function->id] = *degraded ? degraded : NULL;
  if (analysis->observer)
    analysis->observer->read(analysis->observer, function, &rest);
  set_summary_hash(analysis, function, member->last.summary_hash, NULL);
  return true;
}

/* ---- to memory */

static bool has_same_rounds(const Member *member) {
  bool same = member->round_count == member->past_count;
  for (uint32_t i = 0; i < member->round_count && same; i++)
    same = member->rounds[i] == &member->past[i];
  return same;
}

static void store(Analysis *analysis, Member *member) {
  const Memory *memory = analysis->memory;
  ProgramFunction *function = member->function;
  Summaries summaries = {.hashes = {function->summary_hash}, .count = 1};
  ByteWriter bytes = {0};
  bytes_put_u8(&bytes,
               (uint8_t)((member->is_told ? TOLD : 0) | (member->round_count ? ROUNDS : 0)));
  trace_write(&bytes, &member->trace, function, analysis->program->symbols);
  if (member->round_count)
    bytes_put_u(&bytes, member->round_count);
  for (uint32_t i = 0; i < member->round_count; i++)
    write_round(analysis, member, member->rounds[i],
                add_summary(analysis, function, member->rounds[i], &summaries), &bytes);
  bytes_put_raw(&bytes, member->rest.at, (size_t)(member->rest.end - member->rest.at));
  Remembered remembered = {.answers = member->last.answers,
                           .summary_hash = function->summary_hash,
                           .bytes = bytes.at,
                           .count = bytes.count,
                           .summaries = summaries.bytes.at,
                           .summaries_count = summaries.bytes.count};
  program_summary(analysis->program, function->id); // while what is stored of it is still there
  memory->keep(memory->context, function, &remembered);
  bytes_free(&summaries.bytes);
  bytes_free(&bytes);
}

void member_keep_rounds(Analysis *analysis, Member *member) {
  if (!has_same_rounds(member))
    store(analysis, member);
}

void member_keep(Analysis *analysis, Member *member, const Trace *trace, Hash answers) {
  ByteWriter told = {0}, rest = {0};
  member->is_told = analysis->observer && analysis->observer->write(analysis->observer, &told);
  member->trace = *trace;
  member->last.answers = with_names(member->function, answers, member->is_told);
  bytes_put_u8(&rest, analysis->has_events);
  bytes_put_u8(&rest, analysis->locks_itself);
  bytes_put_text(&rest, analysis->degraded[member->function->id]);
  bytes_put_raw(&rest, told.at, told.count);
  member->rest = bytes_reader(rest.at, rest.count);
  store(analysis, member);
  bytes_free(&told);
  bytes_free(&rest);
}
