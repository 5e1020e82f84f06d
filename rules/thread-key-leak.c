/* thread-key-leak: what threads keep under a key stays when they end, or keys are created again and
 * again (ANALYSIS A.1, T8).
 *
 * Told where the key is created, for there the destructor is missing. How much that is depends on
 * the threads that keep something: one that lives as long as the process loses nothing. */
#include "rule/rule.h"

static const DeedRow *find_row(const DeedRow *rows, uint32_t count, Did did, const DeedRow *key) {
  for (const DeedRow *row = rows; row < rows + count; row++)
    if (row->did == did && same_object(row, key))
      return row;
  return NULL;
}

static bool has_destructor(const DeedRow *rows, uint32_t count, const DeedRow *key) {
  for (const DeedRow *row = rows; row < rows + count; row++)
    if (row->did == DID_CREATE_KEY && row->guarded && same_object(row, key))
      return true;
  return false;
}

/* The surest of the places where memory is kept under this key. */
static const DeedRow *find_kept(const DeedRow *rows, uint32_t count, const DeedRow *key) {
  const DeedRow *kept = NULL;
  for (const DeedRow *row = rows; row < rows + count; row++)
    if (row->did == DID_KEEP && same_object(row, key) && (!kept || kept->doubtful > row->doubtful))
      kept = row;
  return kept;
}

/* Those that come to where memory is kept. */
typedef struct {
  const ThreadRow *created; // NULL: they are on the way that note_calls tells
  const Reached *reached;
  Multiplicity often;
} Threads;

static bool is_more(Multiplicity a, Multiplicity b) {
  return a.runs > b.runs || (a.runs == b.runs && b.assumed && !a.assumed);
}

static Threads find_threads(Pass *pass, const DeedRow *kept) {
  Threads most = {.often = threads_behind(pass, kept->function, kept->instruction)};
  for (const ThreadRow *row = next_creation(pass, NULL); row && most.often.runs != RUNS_ANY;
       row = next_creation(pass, row)) {
    const Reached *reached = reached_from(pass, row->function, row->entry);
    if (!reached || reached[kept->function->id].rank == NOT_REACHED)
      continue;
    Multiplicity often = runs_at(pass, row->function, row->instruction);
    if (is_more(often, most.often))
      most = (Threads){row, reached, often};
  }
  return most;
}

/* What a thread's function returns is for who joins the thread. */
static bool may_be_for_joiner(const DeedRow *kept) {
  return kept->returned && kept->function->address_taken;
}

static Confidence confidence_of(const Threads *threads, const DeedRow *kept) {
  if (threads->often.runs != RUNS_ANY)
    return CONFIDENCE_INFO;
  bool by_pointer = threads->created && threads->reached[kept->function->id].by_pointer;
  return by_pointer || kept->doubtful || may_be_for_joiner(kept) || threads->often.assumed
             ? CONFIDENCE_POSSIBLE
             : CONFIDENCE_LIKELY;
}

static void judge_kept(Pass *pass, const DeedRow *key, const DeedRow *rows, uint32_t count) {
  const DeedRow *kept = find_kept(rows, count, key);
  if (!kept || has_destructor(rows, count, key) || find_row(rows, count, DID_FREE_KEPT, key))
    return;
  Threads threads = find_threads(pass, kept);
  if (threads.often.runs <= RUNS_ONCE)
    return;
  Finding *finding =
      report_there(pass, confidence_in(key, confidence_of(&threads, kept)),
                   position_of(key->function, key->instruction, false), key->class_key,
                   "'%s' is created without a destructor, and the memory that threads "
                   "keep under it is not given back when they end",
                   key->object);
  if (threads.created) {
    note_calls(pass, finding, threads.created->function, threads.created->instruction);
    note_there(pass, finding, STEP_EVENT,
               position_of(threads.created->function, threads.created->instruction, false),
               "the thread is created here");
    note_way(pass, finding, threads.reached, kept);
  } else {
    note_calls(pass, finding, kept->function, kept->instruction);
  }
  if (kept->since != kept->instruction)
    note_there(pass, finding, STEP_EVENT, position_of(kept->function, kept->since, false),
               "the memory is made here");
  note_there(pass, finding, STEP_EVENT, position_of(kept->function, kept->instruction, false),
             "it is kept here");
}

static bool judge_creation(Pass *pass, const DeedRow *key, const DeedRow *rows, uint32_t count) {
  if (!*key->class_key || find_row(rows, count, DID_DELETE_KEY, key))
    return false; // Unsound: a local key may be anywhere in the end
  Multiplicity often = runs_at(pass, key->function, key->instruction);
  if (often.runs != RUNS_ANY)
    return false;
  Finding *finding = report_there(
      pass, confidence_in(key, often.assumed ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY),
      position_of(key->function, key->instruction, false), key->class_key,
      "'%s' is created here any number of times, and nobody deletes it", key->object);
  if (!often.assumed)
    note_calls(pass, finding, key->function, key->instruction);
  return true;
}

static void on_deeds(Pass *pass, const DeedRow *rows, uint32_t count) {
  for (const DeedRow *key = rows; key < rows + count; key++)
    if (key->did == DID_CREATE_KEY && !judge_creation(pass, key, rows, count) && !key->guarded)
      judge_kept(pass, key, rows, count);
}

const Rule thread_key_leak = {
    .id = "thread-key-leak",
    .name = "ThreadKeyLeak",
    .summary = "memory that threads keep under a key without a destructor; keys without end",
    .references = "CWE-401 CWE-772",
    .severity = SEVERITY_WARNING,
    .resource = RESOURCE_THREAD,
    .on_deeds = on_deeds,
};
