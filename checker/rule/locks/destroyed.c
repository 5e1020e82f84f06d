/* destroyed.c - locks that are destroyed while a thread that the function created may want them. */
#include "base/guard.h"
#include "ir/cfg.h"
#include "rule/pass.h"

static const ThreadRow *created_at(const Pass *pass, const DeedRow *deed) {
  for (const ThreadRow *row = next_creation(pass, NULL); row; row = next_creation(pass, row))
    if (row->function == deed->function && row->instruction == deed->since)
      return row;
  return NULL;
}

/* The function, or what it calls, waits for something: the end of the thread's work, maybe. */
static bool waits_for_others(Pass *pass, uint32_t function) {
  static const char *const words[] = {"thread", "sleep", "requests", "events", NULL};
  return may_block_on(pass, function, words) || waits_may(waits(pass), function, WAIT_CONDITION, 0);
}

static bool is_joined_later(const Pass *pass, const DeedRow *deed, const ThreadRow *created) {
  for (size_t i = 0; i < pass->threads.count; i++) {
    const ThreadRow *row = &pass->threads.at[i];
    if (row->function == deed->function && row->action == THREAD_JOINED &&
        same_handle(row, created))
      return true;
  }
  return false;
}

static bool is_behind_rounds(const DeedRow *deed, const Function *f, const Cfg *cfg,
                             uint32_t join) {
  Index loop = cfg->innermost[block_of_instruction(f, join)];
  Index destroyed = block_of_instruction(f, deed->instruction);
  return loop != NO_LOOP && !cfg_in_loop(cfg, loop, destroyed) &&
         cfg_dominates(cfg, cfg->loops[loop].header, destroyed);
}

/* All ways to the destruction lead through a loop that joins such threads: if (ids[i])
 * join(ids[i]). What it leaves out is none. */
static bool is_joined_in_rounds(const Pass *pass, const DeedRow *deed, const ThreadRow *created) {
  BorrowedCode code = program_borrow(pass->program, deed->function->id);
  const Function *f = code.function->body;
  const Cfg *cfg = cfg_new(code.arena, f);
  bool joined = false;
  for (size_t i = 0; i < pass->threads.count && !joined; i++) {
    const ThreadRow *row = &pass->threads.at[i];
    joined = row->function == deed->function && row->action == THREAD_JOINED &&
             same_handle(row, created) && is_behind_rounds(deed, f, cfg, row->instruction);
  }
  program_return(&code);
  return joined && guard_on("joined-in-rounds");
}

bool thread_wants(Pass *pass, const DeedRow *deed, WantedLock *wanted) {
  const ThreadRow *created = created_at(pass, deed);
  TextId lock = text_find(pass->program->symbols, deed->class_key);
  Targets entries = created && lock ? thread_entries(pass, created) : (Targets){0};
  if (!entries.count || (!deed->guarded && !is_one_lock(pass, lock)) ||
      !waits_way(waits(pass), pass->arena, entries.ids[0], WAIT_ACQUIRE, lock, &wanted->way))
    return false;
  wanted->created = created;
  wanted->thread = pass->program->functions[entries.ids[0]].declared.name;
  wanted->is_joined = is_joined_later(pass, deed, created);
  wanted->is_ordered =
      waits_for_others(pass, deed->function->id) || is_joined_in_rounds(pass, deed, created);
  return true;
}
