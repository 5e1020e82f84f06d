/* stack-budget: a chain of calls needs more stack than the thread that runs it has (ANALYSIS A.4,
 * R5). What it needs is an interval: what no optimisation takes away is a defect in every build,
 * what only a build without optimisation needs is said for information. */
#include "rule/rule.h"

enum {
  FEW = 4,         // functions
  LARGE = 1024,    // bytes of one
  STEPS = 12,      // of a chain: those that take most
  MOST_TOLD = 100, // findings of a run
};

/* The link that takes most. */
static uint32_t largest_link(const Chain *chain, bool by_high) {
  uint32_t largest = 0;
  for (uint32_t i = 1; i < chain->count; i++) {
    const Frame *a = &chain->links[i].frame, *b = &chain->links[largest].frame;
    if (by_high ? a->high > b->high : a->low > b->low)
      largest = i;
  }
  return largest;
}

static Position place_of(Pass *pass, const Chain *chain) {
  const StackRoot *root = &chain->root;
  if (root->created)
    return position_of(root->created->function, root->created->instruction, false);
  Position at;
  const char *name;
  uint64_t bytes;
  uint32_t call = chain->count > 1 ? chain_call(pass, chain, 0) : NO_RUNS_INSTRUCTION;
  if (call == NO_RUNS_INSTRUCTION && largest_local(pass, root->function, &at, &name, &bytes))
    return at;
  return position_of(function_with(pass, root->function), call == NO_RUNS_INSTRUCTION ? 0 : call,
                     call == NO_RUNS_INSTRUCTION);
}

static void note_link(Pass *pass, Finding *finding, const Chain *chain, uint32_t link,
                      bool is_full) {
  const ProgramFunction *function = function_with(pass, chain->links[link].function);
  const Frame *frame = &chain->links[link].frame;
  const char *takes = bytes_in_words(pass, frame->low, frame->high);
  uint32_t call = link + 1 < chain->count ? chain_call(pass, chain, link) : NO_RUNS_INSTRUCTION;
  Position at;
  const char *name;
  uint64_t bytes;
  bool is_large =
      frame->low >= LARGE && largest_local(pass, chain->links[link].function, &at, &name, &bytes);
  if (is_large)
    note_there(pass, finding, STEP_EVENT, at, "'%s' takes %s bytes: '%s' has %s of them",
               function->declared.name, takes, name, bytes_in_words(pass, bytes, bytes));
  if (call != NO_RUNS_INSTRUCTION && !(is_large && is_full))
    note_there(pass, finding, STEP_EVENT, position_of(function, call, false),
               is_large ? "'%s' calls '%s' here" : "'%s' calls '%s' here, and takes %s bytes",
               function->declared.name,
               function_with(pass, chain->links[link + 1].function)->declared.name, takes);
}

/* How many take more than this one. */
static uint32_t rank(const Chain *chain, uint32_t link) {
  uint32_t larger = 0;
  for (uint32_t i = 0; i < chain->count; i++)
    larger += chain->links[i].frame.low > chain->links[link].frame.low ||
              (chain->links[i].frame.low == chain->links[link].frame.low && i < link);
  return larger;
}

/* A chain that only many functions together make too long is a guess: the longer it is, the less
 * likely is it that one run goes all the way. */
static bool is_by_few(const Chain *chain) {
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < chain->count; i++)
    bytes += rank(chain, i) < FEW ? chain->links[i].frame.low : 0;
  return bytes > chain->root.budget;
}

/* Up to where the stack is full. */
static void note_chain(Pass *pass, Finding *finding, const Chain *chain, bool by_high) {
  uint64_t bytes = 0;
  uint32_t left_out = 0;
  for (uint32_t i = 0; i < chain->count && bytes <= chain->root.budget; i++) {
    const Frame *frame = &chain->links[i].frame;
    bytes += by_high ? frame->high : frame->low;
    bool is_full = bytes > chain->root.budget;
    if (rank(chain, i) < STEPS || is_full)
      note_link(pass, finding, chain, i, is_full);
    else
      left_out++;
  }
  if (left_out)
    note_evidence(pass, finding, "%u functions of the chain that take less are left out", left_out);
  note_evidence(pass, finding, "%s", budget_in_words(pass, &chain->root));
}

static void tell(Pass *pass, Confidence confidence, const Chain *chain, bool by_high) {
  const char *takes = bytes_in_words(pass, chain->low, chain->high);
  const ProgramFunction *root = function_with(pass, chain->root.function);
  Position at = place_of(pass, chain);
  Finding *finding;
  if (chain->root.created)
    finding = report_there(pass, confidence, at, root->declared.key,
                           "the thread that is created here needs %s%s bytes of stack in '%s', "
                           "and has %s",
                           by_high ? "up to " : "", takes, root->declared.name,
                           bytes_in_words(pass, chain->root.budget, chain->root.budget));
  else
    finding = report_there(pass, confidence, at, root->declared.key,
                           "'%s' and what it calls need %s bytes of stack, and there are %s",
                           root->declared.name, takes,
                           bytes_in_words(pass, chain->root.budget, chain->root.budget));
  note_chain(pass, finding, chain, by_high);
}

/* One cause is told once: what takes most on a chain that is too long, and how much there is. */
typedef struct {
  uint32_t root, culprit;
  uint64_t budget;
} Told;

typedef struct {
  Told at[MOST_TOLD];
  uint32_t count;
  Confidence confidence;
  bool by_high;
} Telling;

static bool is_known(const Telling *telling, Told told) {
  for (uint32_t i = 0; i < telling->count; i++)
    if (telling->at[i].root == told.root ||
        (telling->at[i].culprit == told.culprit && telling->at[i].budget == told.budget))
      return true;
  return false;
}

static bool is_too_long(const Chain *chain, bool by_high) {
  return (by_high ? chain->high : chain->low) > chain->root.budget;
}

static void judge(Pass *pass, const Chain *chain, Telling *telling) {
  if (chain->root.is_unknown || !is_too_long(chain, telling->by_high))
    return;
  Told told = {chain->root.function, chain->links[largest_link(chain, telling->by_high)].function,
               chain->root.budget};
  if (telling->count == MOST_TOLD || is_known(telling, told))
    return;
  telling->at[telling->count++] = told;
  Chain shorter; // is easier to believe, and to read
  if (shorter_chain(pass, chain, told.culprit, &shorter) && is_too_long(&shorter, telling->by_high))
    chain = &shorter;
  Confidence confidence = telling->confidence;
  if (!is_by_few(chain))
    confidence = CONFIDENCE_INFO;
  tell(pass, confidence, chain, telling->by_high);
}

/* main first, then threads, then what nobody is seen to call. */
static void judge_all(Pass *pass, bool only_sure, Telling *telling) {
  uint32_t count;
  const Chain *chains =
      chains_from_roots(pass, &(ChainsWanted){telling->by_high, only_sure, true}, &count);
  for (RootKind kind = ROOT_MAIN; kind <= ROOT_OTHER; kind++)
    for (uint32_t i = 0; i < count; i++)
      if (chains[i].root.kind == kind)
        judge(pass, &chains[i], telling);
}

/* A recursion of so many levels on top of what calls it. */
static void judge_levels(Pass *pass, const LevelRow *row) {
  const ProgramFunction *function = row->function;
  Frame frame = frame_calling(pass, function->id, function->id);
  Chain before;
  chain_to(pass, function->id, &before);
  uint64_t low = before.low + frame.low * row->levels,
           high = before.high + frame.high * row->levels;
  if (before.root.is_unknown || high <= before.root.budget)
    return;
  Confidence confidence = low <= before.root.budget         ? CONFIDENCE_INFO
                          : before.count && !before.is_sure ? CONFIDENCE_POSSIBLE
                                                            : CONFIDENCE_LIKELY;
  Finding *finding = report_there(
      pass, confidence, position_of(function, row->instruction, false), function->declared.key,
      "'%s' may call itself up to %s levels deep, which needs %s bytes of stack, and there are %s",
      function->declared.name, bytes_in_words(pass, row->levels, row->levels),
      bytes_in_words(pass, low, high),
      bytes_in_words(pass, before.root.budget, before.root.budget));
  Position at;
  const char *name;
  uint64_t bytes;
  if (largest_local(pass, function->id, &at, &name, &bytes))
    note_there(pass, finding, STEP_EVENT, at, "a level takes %s bytes: '%s' has %s of them",
               bytes_in_words(pass, frame.low, frame.high), name,
               bytes_in_words(pass, bytes, bytes));
  note_evidence(pass, finding, "%s", budget_in_words(pass, &before.root));
}

/* By a cycle before it through the same function, or as a function that calls itself. */
static bool is_told(const LevelRow *rows, uint32_t count, const Cycle *cycles, uint32_t number) {
  const CycleCall *first = cycles[number].calls;
  bool told = false;
  for (uint32_t i = 0; i < count && cycles[number].count == 1 && !told; i++)
    told = rows[i].function->id == first->function && rows[i].instruction == first->instruction;
  for (uint32_t i = 0; i < number && !told; i++)
    told = cycles[i].calls[0].function == first->function;
  return told;
}

/* A cycle that may be gone around so many times. */
static void judge_cycle(Pass *pass, const Cycle *cycle) {
  const CycleCall *last = &cycle->calls[cycle->count - 1];
  const ProgramFunction *first = function_with(pass, cycle->calls[0].function);
  Rounds rounds = rounds_of(pass, cycle);
  if (rounds.root.is_unknown || cycle->levels <= rounds.least)
    return;
  Confidence confidence = cycle->levels <= rounds.most ? CONFIDENCE_INFO
                          : cycle->by_pointer          ? CONFIDENCE_POSSIBLE
                                                       : CONFIDENCE_LIKELY;
  Finding *finding = report_there(
      pass, confidence, position_of(function_with(pass, last->function), last->instruction, false),
      first->declared.key,
      "calls may come back to '%s' here up to %s levels deep, and the stack is full at %s",
      first->declared.name, bytes_in_words(pass, cycle->levels, cycle->levels),
      bytes_in_words(pass, rounds.least, rounds.most));
  for (uint32_t i = 0; i + 1 < cycle->count; i++)
    note_there(pass, finding, STEP_EVENT,
               position_of(function_with(pass, cycle->calls[i].function),
                           cycle->calls[i].instruction, false),
               "'%s' calls '%s' here", function_with(pass, cycle->calls[i].function)->declared.name,
               function_with(pass, cycle->calls[i + 1].function)->declared.name);
  note_evidence(pass, finding, "a round takes %s bytes of the stack: %s",
                bytes_in_words(pass, rounds.low, rounds.high), rounds_in_words(pass, &rounds));
}

static void on_stack(Pass *pass, const GrowthRow *rows, uint32_t count) {
  (void)rows;
  const LevelRow *levels = limited_recursions(pass, &count);
  for (uint32_t i = 0; i < count; i++)
    judge_levels(pass, &levels[i]);
  uint32_t cycle_count;
  const Cycle *cycles = limited_cycles(pass, &cycle_count);
  for (uint32_t i = 0; i < cycle_count; i++)
    if (!is_told(levels, count, cycles, i))
      judge_cycle(pass, &cycles[i]);
  Telling telling = {.confidence = CONFIDENCE_LIKELY};
  judge_all(pass, true, &telling);
  telling.confidence = CONFIDENCE_POSSIBLE; // through pointers that may have other values
  judge_all(pass, false, &telling);
  telling.confidence = CONFIDENCE_INFO;
  telling.by_high = true;
  judge_all(pass, true, &telling);
}

const Rule stack_budget = {
    .id = "stack-budget",
    .name = "StackBudget",
    .summary = "a chain of calls needs more stack than its thread has",
    .references = "CWE-121 CWE-789 CERT-MEM05-C",
    .severity = SEVERITY_WARNING,
    .on_stack = on_stack,
};
