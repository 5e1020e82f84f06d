/* entries.c - what rules ask about the function that a thread runs: does it detach itself, free or
 * change what it is given, come to an end? A wrapper knows it when its callers do not. */
#include <string.h>

#include "rule/pass.h"

enum { CREATOR_DEPTH = 4 };

/* What the function that creates the thread for this one says of it, of several that of the same
 * handle; NULL: nothing. */
static const ThreadRow *inner_row(const Pass *pass, const ThreadRow *row) {
  const ThreadRow *first = NULL;
  for (size_t i = 0; i < pass->threads.count && *row->through; i++) {
    const ThreadRow *inner = &pass->threads.at[i];
    if (inner->action != THREAD_CREATED || strcmp(inner->function->declared.key, row->through))
      continue;
    if (!strcmp(inner->class_key, row->class_key))
      return inner;
    first = first ? first : inner;
  }
  return first;
}

/* Where the thread is really created: a wrapper knows its entry when its callers do not. */
static const ThreadRow *creation(const Pass *pass, const ThreadRow *row) {
  const ThreadRow *inner = row;
  for (uint32_t depth = 0; inner && !*row->entry && depth < CREATOR_DEPTH; depth++) {
    row = inner;
    inner = inner_row(pass, row);
  }
  return inner && *inner->entry ? inner : row;
}

uint64_t thread_stack(const Pass *pass, const ThreadRow *row) {
  for (uint32_t depth = 0; row && *row->through && depth < CREATOR_DEPTH; depth++)
    row = inner_row(pass, row);
  if (!row || *row->through)
    return THREAD_STACK_UNKNOWN;
  return row->stack == THREAD_STACK_UNKNOWN && *row->stack_slot
             ? size_in_slot(pass, row->stack_slot)
             : row->stack;
}

bool is_told_inside(Pass *pass, const ThreadRow *row) {
  const ThreadRow *inner = row->action == THREAD_CREATED ? inner_row(pass, row) : NULL;
  return inner && *row->class_key && !strcmp(inner->class_key, row->class_key) &&
         strcmp(inner->attributes, CALLERS_KNOW) != 0;
}

Targets thread_entries(const Pass *pass, const ThreadRow *row) {
  row = creation(pass, row);
  TextId symbol = *row->entry ? text_find(pass->program->symbols, row->entry) : 0;
  return symbol ? program_resolve(pass->program, row->function, symbol) : (Targets){0};
}

bool is_created_inside(const Pass *pass, const ThreadRow *row) {
  const ThreadRow *inner = inner_row(pass, row);
  return inner && *inner->entry && !strcmp(inner->class_key, row->class_key);
}

bool thread_entry_function(const Pass *pass, const ThreadRow *row, uint32_t *id) {
  Targets targets = thread_entries(pass, row);
  if (targets.count)
    *id = targets.ids[0];
  return targets.count > 0;
}

bool detaches_itself(Pass *pass, const ThreadRow *row) {
  Targets targets = thread_entries(pass, row);
  for (uint32_t i = 0; i < targets.count; i++) {
    const Summary *summary = program_summary(pass->program, targets.ids[i]);
    if (summary && (summary->flags & SUMMARY_DETACHES_SELF))
      return true;
  }
  return false;
}

/* Memory that a way through the function gives back: what its first parameter points to. */
static bool frees_parameter(const Summary *summary) {
  for (uint32_t i = 0; i < summary->case_count; i++)
    for (uint32_t k = 0; k < summary->cases[i].effect_count; k++) {
      const Effect *effect = &summary->cases[i].effects[k];
      const Term *place = effect->place ? term_at(summary->terms, effect->place) : NULL;
      if (effect->action == ACTION_CLOSE && effect->resource == RESOURCE_MEMORY && place &&
          place->kind == TERM_PARAM && !place->a)
        return true;
    }
  return false;
}

static bool writes_field(const Pass *pass, const Summary *summary, const char *field,
                         size_t length) {
  for (uint32_t i = 0; i < summary->write_count; i++) {
    const char *written = text_of(pass->program->symbols, summary->writes[i]);
    if (strlen(written) == length && !strncmp(written, field, length))
      return true;
  }
  return false;
}

bool is_left_alone(Pass *pass, const ThreadRow *row) {
  Targets targets = thread_entries(pass, row);
  for (uint32_t i = 0; i < targets.count; i++) {
    const Summary *summary = program_summary(pass->program, targets.ids[i]);
    if (!summary || (summary->flags & (SUMMARY_DEGRADED | SUMMARY_UNKNOWN)))
      return false;
    for (const char *field = row->changes; *field; field = strchr(field, '\n') + 1)
      if (writes_field(pass, summary, field, strcspn(field, "\n")))
        return false;
  }
  return *row->changes && targets.count;
}

bool frees_argument(Pass *pass, const ThreadRow *row) {
  Targets targets = thread_entries(pass, row);
  for (uint32_t i = 0; i < targets.count; i++) {
    const Summary *summary = program_summary(pass->program, targets.ids[i]);
    if (summary && frees_parameter(summary))
      return true;
  }
  return false;
}

/* All are asked for at once: the question may be one to the whole program. */
static const EntryEndings *all_endings(Pass *pass) {
  if (pass->endings)
    return pass->endings;
  EntryEndings *all = arena_new_one(pass->arena, EntryEndings);
  all->numbers = arena_new_array(pass->arena, uint32_t, pass->program->function_count);
  ARRAY(uint32_t) ids = {0};
  for (size_t i = 0; i < pass->threads.count; i++) {
    const ThreadRow *row = &pass->threads.at[i];
    Targets targets = row->action == THREAD_CREATED ? thread_entries(pass, row) : (Targets){0};
    for (uint32_t k = 0; k < targets.count; k++) {
      uint32_t *number = &all->numbers[targets.ids[k]];
      if (*number)
        continue;
      array_push(&ids, targets.ids[k]);
      *number = (uint32_t)ids.count;
    }
  }
  all->endings = endings_of(pass->program, pass->arena, ids.at, (uint32_t)ids.count);
  array_free(&ids);
  return pass->endings = all;
}

static Ending entry_ending(Pass *pass, const ThreadRow *created) {
  const EntryEndings *all = all_endings(pass);
  Targets targets = thread_entries(pass, created);
  Ending ending = {0};
  for (uint32_t i = 0; i < targets.count; i++) {
    ending = all->endings[all->numbers[targets.ids[i]] - 1];
    if (ending.kind == ENDS)
      break;
  }
  return ending;
}

Ending thread_ending(Pass *pass, const ThreadRow *rows, uint32_t count, const ThreadRow *joined,
                     const ThreadRow **created) {
  *created = NULL;
  Ending ending = {0};
  for (uint32_t i = 0; i < count; i++) {
    const ThreadRow *row = &rows[i];
    bool same = *joined->class_key
                    ? !strcmp(row->class_key, joined->class_key)
                    : row->function == joined->function && !strcmp(row->entry, joined->entry) &&
                          !strcmp(row->through, joined->through);
    if (!same || row->action != THREAD_CREATED || row->finding != NO_FINDING)
      continue;
    ending = entry_ending(pass, row);
    if (ending.kind == ENDS)
      return ending;
    if (!*created)
      *created = creation(pass, row);
  }
  return ending;
}
