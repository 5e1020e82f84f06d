/* second.c - see second.h. Functions are looked into once more with what is known: ways that it
 * rules out are left out, so that calls are not reached, or tests stand on all ways to them. */
#include "depth/second.h"

enum { LOOKS = 48, PARAMETERS = 64 };

/* A function with what is known of its parameters. */
typedef struct {
  uint32_t function;
  Value given[PARAMETERS];
  uint32_t count;
  Facts *facts;
} Look;

struct Seconds {
  Arena *arena;
  Program *program;
  Helpers *helpers;
  Beginnings *beginnings;
  Wanted wanted;
  Look *looks[LOOKS];
  uint32_t count;
};

Seconds *seconds_new(Arena *arena, Program *program, Helpers *helpers, Beginnings *beginnings,
                     Wanted wanted) {
  Seconds *seconds = arena_new_one(arena, Seconds);
  *seconds = (Seconds){.arena = arena,
                       .program = program,
                       .helpers = helpers,
                       .beginnings = beginnings,
                       .wanted = wanted};
  return seconds;
}

/* ---- what is known */

static bool is_same_look(const Look *a, const Look *b) {
  if (a->function != b->function || a->count != b->count)
    return false;
  for (uint32_t i = 0; i < a->count; i++)
    if (is_known(&a->given[i]) != is_known(&b->given[i]) ||
        (is_known(&a->given[i]) && !value_equal(&a->given[i], &b->given[i])))
      return false;
  return true;
}

static Look blank_look(const Facts *facts) {
  uint32_t count = facts->cells.parameter_count;
  return (Look){.function = facts->function->id, .count = count < PARAMETERS ? count : PARAMETERS};
}

/* What a call hands on, by what its function is known to be given. */
static Value handed_on(const Look *caller, Value value) {
  bool is_part = value.kind == VALUE_MOVED || value.kind == VALUE_BITS;
  if (!is_part || value.token >= caller->count || !is_known(&caller->given[value.token]))
    return value;
  Value base = caller->given[value.token];
  if (is_same(&value))
    return base;
  return value.kind == VALUE_BITS
             ? value_bits(OPERATOR_OR, value_bits(OPERATOR_AND, base, value.low), value.high)
             : (Value){.kind = VALUE_ANY};
}

static void take_arguments(const Look *caller, const Site *site, Look *callee) {
  for (uint32_t p = 0; p < callee->count; p++) {
    Value value =
        p < site->arg_count ? handed_on(caller, site->args[p]) : (Value){.kind = VALUE_ANY};
    if (value.kind == VALUE_BITS)
      value.token = (Token)p;
    if (is_known(&value))
      callee->given[p] = value;
  }
}

/* A mode that all callers give and that stays as it is. */
static void take_beginnings(Seconds *s, const Turn *turns, uint32_t count, uint32_t g, Look *look) {
  for (uint32_t p = 0; p < look->count; p++) {
    bool decides = turns[g].facts->deciding >> p & 1;
    if (!decides || is_known(&look->given[p]) || is_pointer_token(turns[g].facts, (Token)p))
      continue;
    Value again = value_around(turns, count, g, (Token)p);
    if (is_same(&again) && again.token == p)
      look->given[p] = beginnings_number(s->beginnings, turns[g].facts->function, (Token)p).number;
  }
}

/* ---- another look */

static const Facts *look_again(Seconds *s, const Look *look) {
  for (uint32_t i = 0; i < s->count; i++)
    if (is_same_look(s->looks[i], look))
      return s->looks[i]->facts;
  if (s->count == LOOKS)
    return NULL;
  Look *kept = arena_copy(s->arena, look, sizeof *look);
  BorrowedCode code = program_borrow(s->program, look->function);
  Wanted wanted = s->wanted;
  Value *given = arena_new_array(s->arena, Value, code.function->body->parameter_count);
  for (uint32_t i = 0; i < look->count; i++)
    given[i] = look->given[i];
  wanted.given = given;
  kept->facts = facts_new(s->arena, s->helpers, s->program, code.function, wanted);
  program_return(&code);
  s->looks[s->count++] = kept;
  return kept->facts;
}

static bool decides(const Facts *facts, const Look *look) {
  for (uint32_t p = 0; p < look->count; p++)
    if (facts->deciding >> p & 1 && is_known(&look->given[p]))
      return true;
  return false;
}

static const Site *site_in(const Facts *facts, uint32_t instruction) {
  for (uint32_t i = 0; i < facts->site_count; i++)
    if (facts->sites[i].instruction == instruction)
      return &facts->sites[i];
  return NULL;
}

bool seconds_turn(Seconds *s, Turn *turns, uint32_t count, DepthKind *kind) {
  enum { LONGEST = 8, TIMES = 2 };
  Look looks[LONGEST];
  for (uint32_t i = 0; i < count; i++)
    looks[i] = blank_look(turns[i].facts);
  for (uint32_t n = 0; n < TIMES * count; n++) // what is handed on may come from a round earlier
    take_arguments(&looks[n % count], turns[n % count].site, &looks[(n + 1) % count]);
  for (uint32_t i = 0; i < count; i++)
    take_beginnings(s, turns, count, i, &looks[i]);
  for (uint32_t i = 0; i < count; i++) {
    const Facts *facts = decides(turns[i].facts, &looks[i]) ? look_again(s, &looks[i]) : NULL;
    if (!facts)
      continue;
    const Site *site = site_in(facts, turns[i].site->instruction);
    if (site && !site->dies && !site->bounded)
      continue;
    *kind = !site || site->dies ? DEPTH_ONCE : site->stack_asked ? DEPTH_STACK : DEPTH_LIMIT;
    return false;
  }
  return true;
}
