/* lives.c - see store/lives.h. A row is one call that creates, joins or detaches; the rows of one
 * class of handles, or of one handle of one function, are one life. */
#include "store/lives.h"

#include <stdlib.h>
#include <string.h>

#include "rule/pass.h"

/* "struct pool.thread" of "struct pool#1f3a5c77.thread", "flusher" of "src/a.c:flusher". */
static const char *plain(Arena *arena, const char *class_key) {
  const char *hash = strchr(class_key, '#'), *dot = hash ? strchr(hash, '.') : NULL;
  const char *colon = hash ? NULL : strrchr(class_key, ':');
  if (dot)
    return arena_printf(arena, "%.*s%s", (int)(hash - class_key), class_key, dot);
  return colon ? colon + 1 : class_key;
}

/* A handle of the function's own that it stores in a field or global is that one's. */
static bool is_kept(const Pass *pass, const ThreadRow *row) {
  for (size_t i = 0; i < pass->threads.count && !*row->class_key; i++) {
    const ThreadRow *other = &pass->threads.at[i];
    if (other->function == row->function && other->instruction == row->instruction &&
        *other->class_key && other->action == row->action)
      return true;
  }
  return false;
}

/* It is created or joined in a function that this one calls: that one's row says so. */
static bool is_done_inside(const Pass *pass, const ThreadRow *row) {
  const char *inside = row->action == THREAD_CREATED ? row->through : row->by;
  for (size_t i = 0; i < pass->threads.count && *inside && *row->class_key; i++) {
    const ThreadRow *other = &pass->threads.at[i];
    if ((other->action == THREAD_CREATED) == (row->action == THREAD_CREATED) &&
        !strcmp(other->class_key, row->class_key) && !strcmp(other->function->declared.key, inside))
      return true;
  }
  return false;
}

/* Of a handle that a caller has, the caller's row tells; what a callee tells is not told twice. */
static bool is_told(const Pass *pass, const ThreadRow *row) {
  return row->finding == NO_FINDING && row->action != THREAD_GIVEN_HANDLE &&
         (*row->class_key || *row->handle) && !is_kept(pass, row) && !is_done_inside(pass, row);
}

static void add_entry(Pass *pass, ThreadLife *life, const ThreadRow *row) {
  uint32_t id;
  if (!thread_entry_function(pass, row, &id))
    return;
  const char *name = pass->program->functions[id].declared.name;
  for (uint32_t i = 0; i < life->entry_count; i++)
    if (!strcmp(life->entries[i], name))
      return;
  life->entries[life->entry_count++] = name;
}

static LifeEvent event_of(Pass *pass, const ThreadRow *row) {
  static const LifeEventKind kinds[] = {[THREAD_CREATED] = LIFE_CREATED,
                                        [THREAD_JOINED] = LIFE_JOINED,
                                        [THREAD_ENDED_DETACHED] = LIFE_DETACHED};
  LifeEvent event = {.kind = kinds[row->action],
                     .function = row->function->declared.name,
                     .often = row->action == THREAD_CREATED ? how_often_in_words(pass, row) : ""};
  event.path = place_of_call(pass, row->function, row->instruction, &event.line);
  return event;
}

static int compare_events(const void *left, const void *right) {
  const LifeEvent *a = left, *b = right;
  if (a->kind != b->kind)
    return a->kind < b->kind ? -1 : 1;
  int order = strcmp(a->path, b->path);
  return order ? order : (a->line > b->line) - (a->line < b->line);
}

static void settle(ThreadLife *life) {
  bool joined = false, detached = life->detaches_itself || life->created_detached;
  for (uint32_t i = 0; i < life->event_count; i++) {
    joined |= life->events[i].kind == LIFE_JOINED;
    detached |= life->events[i].kind == LIFE_DETACHED;
  }
  life->fate = joined ? FATE_JOINED : detached ? FATE_DETACHED : FATE_NOBODY;
  if (life->event_count)
    qsort(life->events, life->event_count, sizeof *life->events, compare_events);
}

/* A call has a row for each handle that it may be about. */
static void add_event(ThreadLife *life, LifeEvent event) {
  for (uint32_t i = 0; i < life->event_count; i++)
    if (!compare_events(&life->events[i], &event))
      return;
  life->events[life->event_count++] = event;
}

static ThreadLife life_of(Pass *pass, const ThreadRow *first, bool *taken) {
  size_t count = pass->threads.count;
  bool is_class = *first->class_key;
  ThreadLife life = {
      .handle = is_class ? plain(pass->arena, first->class_key)
                         : arena_text_n(pass->arena, first->handle, strcspn(first->handle, "[")),
      .owner = is_class ? "" : first->function->declared.name,
      .entries = arena_new_array(pass->arena, const char *, count),
      .events = arena_new_array(pass->arena, LifeEvent, count),
      .detaches_itself = true,
      .created_detached = true};
  for (size_t i = 0; i < count; i++) {
    const ThreadRow *row = &pass->threads.at[i];
    if (taken[i] || !same_handle(first, row))
      continue;
    taken[i] = true;
    if (!is_told(pass, row))
      continue;
    add_event(&life, event_of(pass, row));
    if (row->action != THREAD_CREATED)
      continue;
    life.detaches_itself &= detaches_itself(pass, row);
    life.created_detached &= row->detached;
    add_entry(pass, &life, row);
  }
  settle(&life);
  return life;
}

static bool has_creation(const ThreadLife *life) {
  return life->event_count && life->events[0].kind == LIFE_CREATED;
}

static int compare_lives(const void *left, const void *right) {
  const ThreadLife *a = left, *b = right;
  int order = compare_events(&a->events[0], &b->events[0]);
  return order ? order : strcmp(a->handle, b->handle);
}

ThreadLife *thread_lives(Pass *pass, uint32_t *count) {
  ThreadLife *lives = arena_new_array(pass->arena, ThreadLife, pass->threads.count);
  Arena *scratch = arena_new();
  bool *taken = arena_new_array(scratch, bool, pass->threads.count);
  *count = 0;
  for (size_t i = 0; i < pass->threads.count; i++) {
    if (taken[i] || !is_told(pass, &pass->threads.at[i]))
      continue;
    ThreadLife life = life_of(pass, &pass->threads.at[i], taken);
    if (has_creation(&life)) // else a join of what others create
      lives[(*count)++] = life;
  }
  if (*count)
    qsort(lives, *count, sizeof *lives, compare_lives);
  arena_free(scratch);
  return lives;
}
