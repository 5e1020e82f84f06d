/* destroyed.c - locks that are destroyed while a thread that the function created may want them. */
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
  wanted->is_ordered = waits_for_others(pass, deed->function->id);
  return true;
}
