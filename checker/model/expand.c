/* expand.c - a model line with conditional effects becomes the cases of a Summary: the cross
 * product of its conditions without the contradictory combinations, and with those merged that
 * have the same effects. */
#include "ir/ir.h"
#include "model/parse.h"

/* One combination: the atoms in `known` have the polarities in `truth`. */
typedef struct {
  uint32_t known, truth;
  uint32_t active; // bit per effect
} Combination;

/* What an atom says of one value: `subject` is `low`..`high`, or anything but low. */
typedef struct {
  TermId subject; // 0: not of that form
  int64_t low, high;
  bool excludes;
} Claim;

static Claim claim_of(const TermTable *terms, TermId atom, bool is_true) {
  const Term *term = term_at(terms, atom);
  if (term->kind != TERM_BINARY)
    return (Claim){0};
  const Term *left = term_at(terms, term->a), *right = term_at(terms, term->b);
  Claim claim = {.subject = term->a, .low = INT64_MIN, .high = INT64_MAX};
  if (term->operator== OPERATOR_EQ && right->kind == TERM_CONSTANT) {
    claim.low = claim.high = right->value;
    claim.excludes = !is_true;
  } else if (term->operator== OPERATOR_LT && right->kind == TERM_CONSTANT) { // x < c
    if (is_true && right->value > INT64_MIN)
      claim.high = right->value - 1;
    else if (!is_true)
      claim.low = right->value;
  } else if (term->operator== OPERATOR_LT && left->kind == TERM_CONSTANT) { // c < x
    claim.subject = term->b;
    if (is_true && left->value < INT64_MAX)
      claim.low = left->value + 1;
    else if (!is_true)
      claim.high = left->value;
  } else {
    return (Claim){0};
  }
  return claim;
}

static Claim claim_at(const EffectLine *line, const TermTable *terms, const Combination *c,
                      uint32_t atom) {
  if (!(c->known >> atom & 1))
    return (Claim){0};
  return claim_of(terms, line->atoms[atom].value, c->truth >> atom & 1);
}

typedef struct {
  int64_t low, high;
  bool no_zero;
  bool possible; // the claims do not contradict each other
} Bounds;

/* What a combination says of one value. */
static Bounds bounds_of(const EffectLine *line, const TermTable *terms, const Combination *c,
                        TermId subject) {
  Bounds b = {.low = INT64_MIN, .high = INT64_MAX};
  for (uint32_t i = 0; i < line->atom_count; i++) {
    Claim claim = claim_at(line, terms, c, i);
    if (claim.subject != subject || !subject || claim.excludes)
      continue;
    b.low = claim.low > b.low ? claim.low : b.low;
    b.high = claim.high < b.high ? claim.high : b.high;
  }
  b.possible = b.low <= b.high;
  for (uint32_t i = 0; i < line->atom_count; i++) {
    Claim claim = claim_at(line, terms, c, i);
    if (claim.subject != subject || !subject || !claim.excludes)
      continue;
    b.possible &= claim.low != b.low || b.low != b.high;
    b.no_zero |= claim.low == 0;
  }
  b.no_zero |= b.low > 0 || b.high < 0;
  return b;
}

static bool feasible(const EffectLine *line, const TermTable *terms, const Combination *c) {
  for (uint32_t i = 0; i < line->atom_count; i++) {
    TermId subject = claim_at(line, terms, c, i).subject;
    if (subject && !bounds_of(line, terms, c, subject).possible)
      return false;
  }
  return true;
}

static uint32_t active_effects(const EffectLine *line, const Combination *c) {
  uint32_t active = 0;
  for (uint32_t i = 0; i < line->effect_count; i++) {
    const GatedEffect *gated = &line->effects[i];
    if (!((c->truth ^ gated->wanted) & gated->needed))
      active |= 1u << i;
  }
  return active;
}

/* Two cases with the same effects that differ in one condition do not depend on it. */
static bool merge_pair(Combination *all, uint32_t *count) {
  for (uint32_t i = 0; i < *count; i++) {
    for (uint32_t k = i + 1; k < *count; k++) {
      uint32_t differ = all[i].truth ^ all[k].truth;
      if (all[i].active != all[k].active || all[i].known != all[k].known || (differ & (differ - 1)))
        continue;
      all[i].known &= ~differ;
      all[i].truth &= ~differ;
      for (uint32_t n = k; n + 1 < *count; n++)
        all[n] = all[n + 1];
      --*count;
      return true;
    }
  }
  return false;
}

static uint32_t combine(const EffectLine *line, const TermTable *terms, Combination *all) {
  uint32_t count = 0, atoms = line->atom_count;
  for (uint32_t n = 0; n < 1u << atoms; n++) {
    Combination c = {.known = (1u << atoms) - 1};
    for (uint32_t i = 0; i < atoms; i++) {
      bool opposite = n >> (atoms - 1 - i) & 1;
      if (line->atoms[i].first != opposite)
        c.truth |= 1u << i;
    }
    c.active = active_effects(line, &c);
    if (feasible(line, terms, &c))
      all[count++] = c;
  }
  while (merge_pair(all, &count))
    ;
  return count;
}

/* ret == 0 says all that ret != 5 and ret < 9 say. */
static bool is_implied(const EffectLine *line, const TermTable *terms, const Combination *c,
                       uint32_t atom) {
  Claim claim = claim_at(line, terms, c, atom);
  for (uint32_t i = 0; i < line->atom_count && claim.subject; i++) {
    Claim other = claim_at(line, terms, c, i);
    if (i == atom || other.subject != claim.subject || other.excludes)
      continue;
    bool inside = other.low >= claim.low && other.high <= claim.high;
    bool same = inside && other.low == claim.low && other.high == claim.high;
    if (claim.excludes ? claim.low < other.low || claim.low > other.high
                       : inside && (!same || i < atom))
      return true;
  }
  return false;
}

static void fill_conditions(Parser *p, const EffectLine *line, const Combination *c, Case *made) {
  made->conditions = arena_new_array(p->set->arena, Condition, line->atom_count);
  for (uint32_t i = 0; i < line->atom_count; i++)
    if ((c->known >> i & 1) && !is_implied(line, p->set->terms, c, i))
      made->conditions[made->condition_count++] =
          (Condition){line->atoms[i].value, c->truth >> i & 1};
}

static void fill_case(Parser *p, const EffectLine *line, const Combination *c, Case *made) {
  TermTable *terms = p->set->terms;
  fill_conditions(p, line, c, made);
  made->effects = arena_new_array(p->set->arena, Effect, line->effect_count);
  for (uint32_t i = 0; i < line->effect_count; i++) {
    const GatedEffect *gated = &line->effects[i];
    if (!(c->active >> i & 1))
      continue;
    made->no_return |= gated->no_return;
    if (gated->result)
      made->result = gated->result;
    if (gated->effect.action != ACTION_NONE)
      made->effects[made->effect_count++] = gated->effect;
  }
  TermId result = term_make(terms, TERM_RESULT, 0, 0, 0, 0);
  Bounds bounds = bounds_of(line, terms, c, result);
  made->low = bounds.low;
  made->high = bounds.high;
  made->no_zero = bounds.no_zero;
  const Term *known = term_at(terms, made->result);
  if (!made->result && made->low == made->high)
    made->result = term_constant(terms, made->low);
  else if (made->result && known->kind == TERM_CONSTANT)
    made->low = made->high = known->value;
}

enum { LAST_FATE = 31 };

/* The parameters that the term is, or is a list of. */
static uint32_t parameters_in(const TermTable *terms, TermId id) {
  uint32_t mask = 0;
  for (; id; id = term_at(terms, id)->b) {
    const Term *list = term_at(terms, id);
    const Term *term = list->kind == TERM_LIST ? term_at(terms, list->a) : list;
    while (term->kind == TERM_DEREF || term->kind == TERM_ADDRESS || term->kind == TERM_SHIFT)
      term = term_at(terms, term->a);
    if (term->kind == TERM_PARAM)
      mask |= 1u << (term->a < LAST_FATE ? term->a : LAST_FATE);
    if (list->kind != TERM_LIST)
      break;
  }
  return mask;
}

/* What the effects say of the values that the call is given. */
static void note_fates(const TermTable *terms, Case *c) {
  for (uint32_t i = 0; i < c->effect_count; i++) {
    const Effect *effect = &c->effects[i];
    switch ((Action)effect->action) {
    case ACTION_CLOSE:
      c->fates.closes |= parameters_in(terms, effect->place);
      break;
    case ACTION_TAKE:
      c->fates.keeps |= parameters_in(terms, effect->place);
      break;
    case ACTION_KEEP:
      if (term_is_place(terms, effect->place))
        c->fates.copies |= parameters_in(terms, effect->place);
      else
        c->fates.keeps |= parameters_in(terms, effect->place);
      break;
    case ACTION_CALL:
      c->fates.keeps |= parameters_in(terms, effect->other);
      break;
    case ACTION_SPAWN:
      c->fates.keeps |= parameters_in(terms, effect->third);
      break;
    default:
      break;
    }
  }
  c->fates.returns = c->result ? parameters_in(terms, c->result) : 0;
}

/* A key that is opened together with a call at the end of its threads has a destructor; and memory
 * that is opened as the result is nobody else's. */
static void note_deeds(Parser *p, Summary *summary) {
  for (uint32_t i = 0; i < summary->case_count; i++) {
    Case *c = &summary->cases[i];
    note_fates(p->set->terms, c);
    if (summary->flags & SUMMARY_DECLARED) // nobody said anything of them
      c->fates.keeps = c->fates.copies = c->fates.disturbs = c->fates.takes = UINT32_MAX;
    bool calls = false;
    for (uint32_t k = 0; k < c->effect_count; k++)
      calls |= c->effects[k].action == ACTION_CALL;
    for (uint32_t k = 0; k < c->effect_count; k++) {
      Effect *effect = &c->effects[k];
      bool opens = effect->action == ACTION_OPEN;
      if (opens && effect->resource == RESOURCE_KEY && calls)
        effect->flags |= KEY_DESTRUCTOR;
      if (opens && effect->resource == RESOURCE_MEMORY &&
          term_at(p->set->terms, effect->place)->kind == TERM_RESULT)
        summary->flags |= SUMMARY_NEW_MEMORY;
    }
  }
}

Summary *expand_cases(Parser *p, const EffectLine *line) {
  Combination all[1u << MODEL_ATOMS];
  uint32_t count = combine(line, p->set->terms, all);
  if (!count) {
    parse_fail(p, line->start, "the conditions of this line contradict each other");
    return NULL;
  }
  if (count > MODEL_CASES) {
    parse_fail(p, line->start, "the conditions of this line make %u cases, more than %d", count,
               MODEL_CASES);
    return NULL;
  }
  Summary *summary = arena_new_one(p->set->arena, Summary);
  summary->terms = p->set->terms;
  summary->flags = SUMMARY_MODEL | line->flags;
  summary->cases = arena_new_array(p->set->arena, Case, count);
  summary->case_count = count;
  for (uint32_t i = 0; i < count; i++)
    fill_case(p, line, &all[i], &summary->cases[i]);
  note_deeds(p, summary);
  summary_set_flags(summary);
  summary->hash = summary_hash(summary, p->set->symbols);
  return summary;
}
