/* growth-unbounded: a container that lives as long as the process gets one element after the other,
 * and nobody takes any out (ANALYSIS A.3, G1-G4).
 *
 * What is absent is looked for everywhere: by the container's name, by the link in its elements, by
 * the count beside it, and by who frees such elements. Where one of these is found, and does not
 * fit together, nothing is said at the usual confidence. */
#include <string.h>

#include "rule/rule.h"

static const char keyed[] = "it is looked for first: there are as many as different keys come";

typedef struct {
  const GrowthEffect *growth; // the one that runs most often
  Multiplicity often;
  bool is_keyed, is_reused;
  bool taken_out, emptied;      // while the process runs
  bool is_of_passing;           // what it is a part of comes and goes
  bool is_of_modules;           // one for each library that is loaded
  bool is_freed;                // somebody frees such elements
  bool is_worked_off;           // at the end, which is what they are kept for
  const char *not_seen;         // what may take some out, for all that is seen
  const GrowthEffect *away;     // that takes out or empties, in another part of its life
  const GrowthEffect *replaced; // that makes place for what is put in
  const GrowthEffect *doubtful; // that takes out of something that may be another one
} Judgement;

static bool is_run(const Multiplicity *often) {
  return often->runs != RUNS_NEVER && often->life & LIFE_RUN;
}

/* The insertion that can run any number of times, or NULL. */
static void find_growth(Pass *pass, const Container *container, Judgement *j) {
  for (uint32_t i = 0; i < container->growth_count && (!j->growth || j->often.assumed); i++) {
    const GrowthEffect *effect = effect_at(pass, container->growths[i]);
    Multiplicity often = effect_runs(pass, effect);
    if (is_run(&often) && often.runs == RUNS_ANY && (!j->growth || !often.assumed)) {
      j->growth = effect;
      j->often = often;
    }
  }
  j->is_keyed = j->growth && j->growth->touch.flags & TOUCH_KEYED;
  j->is_reused = j->growth && j->growth->touch.flags & TOUCH_REUSES;
}

static void find_removals(Pass *pass, const Container *container, Judgement *j) {
  for (uint32_t i = 0; i < container->removal_count; i++) {
    const GrowthEffect *effect = effect_at(pass, container->removals[i]);
    Multiplicity often = effect_runs(pass, effect);
    if (often.assumed && !j->often.assumed)
      continue; // nobody calls it
    bool is_replaced = is_part_of_insertion(pass, j->growth, effect);
    j->taken_out |= is_run(&often) && !is_replaced;
    if (is_run(&often) && is_replaced)
      j->replaced = effect;
    if (often.runs != RUNS_NEVER && !is_run(&often))
      j->away = effect;
  }
  for (uint32_t i = 0; i < container->reset_count; i++) {
    const GrowthEffect *effect = effect_at(pass, container->resets[i]);
    Multiplicity often = effect_runs(pass, effect);
    if (often.assumed && !j->often.assumed)
      continue;
    j->emptied |= is_run(&often);
    bool is_main = !strcmp(effect_function(pass, effect)->declared.name, "main");
    j->taken_out |= is_run(&often) && effect->function == j->growth->function && !is_main;
    bool at_end = often.life & LIFE_TEARDOWN || effect->touch.other; // of what is in it
    if (often.runs != RUNS_NEVER && !is_run(&often) && at_end)
      j->away = effect;
  }
  for (uint32_t i = 0; i < container->doubtful_count && !j->doubtful; i++) {
    const GrowthEffect *effect = effect_at(pass, container->doubtful[i]);
    Multiplicity often = effect_runs(pass, effect);
    if (is_run(&often) && (!often.assumed || j->often.assumed))
      j->doubtful = effect;
  }
}

/* What it is a part of is made, and replaced, again and again. */
static bool has_passing_owner(Pass *pass, const Container *container) {
  for (uint32_t i = 0; i < container->owner_count; i++) {
    Multiplicity often = effect_runs(pass, effect_at(pass, container->owners[i]));
    if (often.runs > RUNS_ONCE && !often.assumed)
      return true;
  }
  return false;
}

static Confidence confidence_of(Pass *pass, const Container *container, const Judgement *j) {
  if (container->is_counted || j->emptied || j->doubtful || j->is_of_passing || j->is_of_modules ||
      j->is_reused || j->is_worked_off)
    return CONFIDENCE_INFO;
  Lifetime lifetime = lifetime_of(pass, j->growth);
  if (lifetime == LIFETIME_SHORT)
    return CONFIDENCE_INFO;
  if (lifetime == LIFETIME_UNKNOWN || j->often.assumed || j->away || j->is_freed || j->not_seen ||
      j->replaced || container->is_of_result)
    return CONFIDENCE_POSSIBLE;
  return CONFIDENCE_LIKELY;
}

/* Elements are freed by somebody of whom it is not seen where he has them from: from here, unless
 * there is another container of such elements that loses some. */
static bool is_freed(Pass *pass, const Container *all, uint32_t count, const Container *one) {
  for (uint32_t i = 0; i < count; i++)
    if (&all[i] != one && all[i].element == one->element &&
        all[i].removal_count + all[i].reset_count)
      return false;
  return is_element_freed(pass, one);
}

static void tell(Pass *pass, const Container *container, const Judgement *j) {
  const GrowthEffect *named = effect_that_names(pass, container, j->growth);
  Finding *finding =
      report_there(pass, confidence_of(pass, container, j),
                   position_of(effect_function(pass, named), named->touch.instruction, false),
                   container->name, "'%s' gets one more element each time, and %s", container->name,
                   j->away       ? "loses them only at the end"
                   : j->replaced ? "only what it replaces is taken out"
                   : j->emptied  ? "loses them only when somebody empties it"
                                 : "nothing takes any out");
  if (j->often.runs == RUNS_ANY)
    note_calls(pass, finding, effect_function(pass, j->growth), j->growth->touch.instruction);
  note_inside(pass, finding, j->growth, named);
  note_inside(pass, finding, named, NULL);
  note_size(pass, finding, named);
  note_touching(pass, finding, container);
  if (j->is_reused)
    note_evidence(pass, finding,
                  "one that is free is used again: there are as many as are in use at one time");
  else if (j->is_keyed)
    note_evidence(pass, finding, "%s", keyed);
  if (j->is_worked_off)
    note_evidence(pass, finding, "'%s' works them off at the end",
                  effect_function(pass, j->away)->declared.name);
  if (j->is_of_modules)
    note_evidence(pass, finding, "there are no more of them than libraries that can be loaded");
  if (j->replaced)
    note_evidence(pass, finding, "what '%s' takes out is what the new one replaces",
                  effect_function(pass, j->replaced)->declared.name);
  if (j->is_of_passing)
    note_evidence(pass, finding, "what it is a part of comes and goes, and takes it along");
  if (j->doubtful)
    note_evidence(pass, finding,
                  "'%s' takes something out of one like it: it is not seen which one that is",
                  effect_function(pass, j->doubtful)->declared.name);
  if (j->not_seen)
    note_evidence(pass, finding, "%s", j->not_seen);
}

static void on_containers(Pass *pass, const Container *containers, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    Judgement j = {0};
    if (containers[i].is_guarded || containers[i].is_owned_by_element)
      continue;
    find_growth(pass, &containers[i], &j);
    if (!j.growth)
      continue;
    find_removals(pass, &containers[i], &j);
    if (has_fixed_keys(pass, j.growth))
      continue;
    if (j.taken_out || (j.emptied && containers[i].is_array && !containers[i].is_counted))
      continue;
    j.is_of_passing = has_passing_owner(pass, &containers[i]);
    j.is_of_modules = is_of_modules(pass, j.growth);
    j.not_seen = not_seen(pass, &containers[i]);
    j.is_worked_off = j.away && !frees_elements(pass, &containers[i], j.away);
    j.is_freed = is_freed(pass, containers, count, &containers[i]);
    tell(pass, &containers[i], &j);
  }
}

/* What others send makes it longer, however short a time it is needed. */
static void on_intakes(Pass *pass, const Intake *intakes, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const Intake *one = &intakes[i];
    GrowthEffect effect = {.function = one->function,
                           .touch = {.instruction = one->puts_in, .repeats = REPEATS_ANY},
                           .inner = NO_EFFECT};
    const ProgramFunction *function = effect_function(pass, &effect);
    Multiplicity often = effect_runs(pass, &effect);
    if (!is_run(&often))
      continue;
    Confidence confidence =
        lifetime_of(pass, &effect) == LIFETIME_SHORT ? CONFIDENCE_INFO : CONFIDENCE_POSSIBLE;
    Finding *finding = report_there(
        pass, confidence, position_of(function, one->puts_in, false), one->name,
        "'%s' gets longer with all that is received, and nothing limits it", one->name);
    note_there(pass, finding, STEP_EVENT, position_of(function, one->receives, false),
               "received here, as often as somebody sends more");
    note_calls(pass, finding, function, one->puts_in);
  }
}

/* As long as each of them lives, which nobody knows. */
static void on_object_containers(Pass *pass, const ObjectContainers *all) {
  for (uint32_t i = 0; i < all->count; i++) {
    const ObjectContainer *one = &all->at[i];
    const GrowthEffect *effect = effect_at(pass, one->growth);
    const ProgramFunction *function = effect_function(pass, effect);
    Multiplicity often = effect_runs(pass, effect);
    if (!is_run(&often) || often.runs != RUNS_ANY || lifetime_of(pass, effect) == LIFETIME_SHORT)
      continue;
    Finding *finding =
        report_there(pass, one->is_replaced ? CONFIDENCE_INFO : CONFIDENCE_POSSIBLE,
                     position_of(function, effect->touch.instruction, false), one->name,
                     "'%s' of a '%s' gets one more element each time, and nothing takes any out",
                     one->name, one->record);
    note_inside(pass, finding, effect, NULL);
    note_size(pass, finding, effect);
    note_evidence(pass, finding, "%s", keyed);
  }
}

/* The new one takes the place of the old one, which stays in the region, and is lost. */
static void on_renewals(Pass *pass, const Renewal *renewals, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const Renewal *one = &renewals[i];
    GrowthEffect effect = {
        .function = one->function, .touch = {.instruction = one->stores}, .inner = NO_EFFECT};
    const ProgramFunction *function = effect_function(pass, &effect);
    Multiplicity often = effect_runs(pass, &effect);
    if (!is_run(&often) || often.runs != RUNS_ANY ||
        (often.assumed && !is_called_back(pass, &effect)))
      continue;
    bool is_short = one->is_global && lifetime_of(pass, &effect) == LIFETIME_SHORT;
    Finding *finding = report_there(
        pass, one->is_passing || is_short ? CONFIDENCE_INFO : CONFIDENCE_POSSIBLE,
        position_of(function, one->stores, false), one->name,
        "'%s' gets a new one each time, and the old one stays in '%s', where nobody frees it",
        one->name, one->region);
    if (one->made != one->stores)
      note_there(pass, finding, STEP_EVENT, position_of(function, one->made, false),
                 "made here, to live as long as '%s'", one->region);
    note_calls(pass, finding, function, one->stores);
  }
}

/* Of two that get longer in one object, one only is ever made to fit what is in it. */
static void on_untrimmed(Pass *pass, const Untrimmed *all, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const Untrimmed *one = &all[i];
    GrowthEffect trim = {.function = one->trimmer, .touch = {.instruction = one->trims}};
    GrowthEffect growth = {.function = one->grower, .touch = {.instruction = one->grows}};
    Multiplicity trims = effect_runs(pass, &trim), grows = effect_runs(pass, &growth);
    if (!is_run(&trims) || trims.runs != RUNS_ANY || !is_run(&grows) || grows.runs != RUNS_ANY)
      continue;
    Finding *finding = report_there(
        pass, lifetime_of(pass, &growth) == LIFETIME_SHORT ? CONFIDENCE_INFO : CONFIDENCE_POSSIBLE,
        position_of(effect_function(pass, &trim), one->trims, false), one->name,
        "'%s' of a '%s' is made to fit what is in it here, and '%s' beside it never is",
        one->trimmed, one->record, one->name);
    note_there(pass, finding, STEP_CONTRAST,
               position_of(effect_function(pass, &growth), one->grows, false),
               "'%s' gets longer here, and keeps the room that it once had", one->name);
    note_calls(pass, finding, effect_function(pass, &growth), one->grows);
  }
}

const Rule growth_unbounded = {
    .id = "growth-unbounded",
    .name = "GrowthUnbounded",
    .summary = "a container gets more and more elements, and nothing takes any out",
    .references = "CWE-770 CWE-400 CWE-401",
    .severity = SEVERITY_WARNING,
    .resource = RESOURCE_NONE,
    .on_containers = on_containers,
    .on_intakes = on_intakes,
    .on_object_containers = on_object_containers,
    .on_renewals = on_renewals,
    .on_untrimmed = on_untrimmed,
};
