/* why_words.c - what there is to say of a function that changed. All of it is true whatever the
 * finding is: that the function is the reason is known from elsewhere (why.c). */
#include <string.h>

#include "base/array.h"
#include "model/promise.h"
#include "run/why_inside.h"

enum { MOST_CALLEES = 1024, MOST_CLAUSES = 2 };

/* ---- records */

static size_t tag_length(const char *key) {
  const char *mark = strchr(key, '#');
  return mark ? (size_t)(mark - key) + strcspn(mark, ".") : 0;
}

static bool same_text(const char *a, const char *b, size_t length) {
  return !strncmp(a, b, length) && (!b[length] || b[length] == '.' || b[length] == '#');
}

static bool is_record_now(const Change *change, const char *key, size_t tag) {
  size_t count;
  const StoredRecord *records = store_records(change->store, change->arena, &count);
  for (size_t i = 0; i < count; i++)
    if (same_text(key, records[i].record->key, tag))
      return true;
  return false;
}

static bool is_known_now(const Change *change, const char *key) {
  size_t tag = tag_length(key), plain = strcspn(key, "#");
  bool has_other = false;
  if (!tag)
    return true;
  for (uint32_t i = 0; i < change->now->symbol_count; i++) {
    const char *now = change->now->symbols[i].key;
    if (same_text(key, now, tag))
      return true;
    has_other |= tag_length(now) && strcspn(now, "#") == plain && !strncmp(key, now, plain);
  }
  return !has_other && is_record_now(change, key, tag);
}

bool change_is_comparable(const Change *change) {
  const Function *old = change->changed->old.code;
  for (uint32_t i = 0; i < old->symbol_count; i++)
    if (!is_known_now(change, old->symbols[i].key))
      return false;
  return true;
}

/* ---- lines */

bool change_is_written(const Change *change) {
  const Lines *old = &change->changed->lines, *now = &change->lines;
  return old->count != now->count || (old->count && memcmp(old->at, now->at, old->count) != 0);
}

static uint32_t first_changed_line(const Change *change) {
  const Lines *old = &change->changed->lines, *now = &change->lines;
  uint32_t line = change->now->line;
  for (size_t i = 0; i < old->count && i < now->count && old->at[i] == now->at[i]; i++)
    line += now->at[i] == '\n';
  return line;
}

typedef struct {
  const Function *f;
  uint32_t from, line; // wanted; found so far
  Position at;
} Nearest;

static void offer(Nearest *nearest, Index location, uint32_t index, bool terminator) {
  const Function *f = nearest->f;
  if (location >= f->location_count || f->locations[location].file ||
      !f->locations[location].column)
    return;
  uint32_t line = location_line(f, &f->locations[location]);
  if (line < nearest->from || line >= nearest->line)
    return;
  nearest->line = line;
  nearest->at.index = index;
  nearest->at.terminator = terminator;
}

/* The code at that line or behind it; where there is none, the head of the function. */
Position change_position(const Change *change) {
  const Function *f = change->now;
  Nearest nearest = {
      .f = f,
      .from = first_changed_line(change),
      .line = UINT32_MAX,
      .at = {.function = change->changed->key, .body = change->changed->body, .index = UINT32_MAX}};
  if (!change_is_written(change))
    return nearest.at;
  for (uint32_t i = 0; i < f->instruction_count; i++)
    offer(&nearest, f->instruction_locations[i], i, false);
  for (uint32_t i = 0; i < f->block_count; i++)
    offer(&nearest, f->blocks[i].location, i, true);
  return nearest.at;
}

/* ---- calls */

typedef struct {
  const char *key, *name;
  int more; // calls of it than before
} Callee;

typedef struct {
  Callee at[MOST_CALLEES];
  size_t count;
} Callees;

static void count_call(Callees *callees, const Symbol *callee, int more) {
  size_t i = 0;
  while (i < callees->count && strcmp(callees->at[i].key, callee->key) != 0)
    i++;
  if (i == MOST_CALLEES)
    return;
  if (i == callees->count)
    callees->at[callees->count++] = (Callee){callee->key, callee->name, 0};
  callees->at[i].more += more;
}

static void count_calls(Callees *callees, const Function *f, int more) {
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *call = &f->instructions[i];
    if (call->kind == INST_CALL && f->nodes[call->a].kind == NODE_FUNCTION)
      count_call(callees, &f->symbols[f->nodes[call->a].a], more);
  }
}

static bool calls(const Function *f, const char *key) {
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *call = &f->instructions[i];
    if (call->kind == INST_CALL && f->nodes[call->a].kind == NODE_FUNCTION &&
        !strcmp(f->symbols[f->nodes[call->a].a].key, key))
      return true;
  }
  return false;
}

/* When there is one callee only whose calls are more or fewer; else NULL. */
static const char *call_words(const Change *change) {
  Callees *callees = arena_new_one(change->arena, Callees);
  const Callee *only = NULL;
  count_calls(callees, change->changed->old.code, -1);
  count_calls(callees, change->now, 1);
  for (size_t i = 0; i < callees->count; i++) {
    if (!callees->at[i].more)
      continue;
    if (only)
      return NULL;
    only = &callees->at[i];
  }
  if (!only || callees->count == MOST_CALLEES)
    return NULL;
  bool before = calls(change->changed->old.code, only->key), now = calls(change->now, only->key);
  const char *words = before && now ? (only->more > 0 ? "calls '%s' in more places now"
                                                      : "calls '%s' in fewer places now")
                      : now         ? "calls '%s' now"
                                    : "no longer calls '%s'";
  return arena_printf(change->arena, words, only->name);
}

/* ---- what callers were promised */

static const Summary *summary_of(const Change *change, uint32_t id) {
  StoredSummary stored;
  if (!store_get_summary(change->store, change->arena, id, SUMMARY_WHOLE, &stored))
    return NULL;
  ByteReader r = bytes_reader(stored.bytes, stored.count);
  const Summary *summary = summary_read(change->arena, &r, change->symbols);
  return summary && !(summary->flags & (SUMMARY_DEGRADED | SUMMARY_UNKNOWN)) ? summary : NULL;
}

static const Promise *find_like(const Promises *promises, const Promise *wanted, uint32_t *count) {
  const Promise *found = NULL;
  *count = 0;
  for (uint32_t i = 0; i < promises->count; i++)
    if (promise_is_like(&promises->at[i], wanted)) {
      found = found ? found : &promises->at[i];
      ++*count;
    }
  return found;
}

/* Of what the finding is about, or of what a pointer leads to that may be it. */
static bool concerns(const Change *change, const Promise *promise, const Finding *finding) {
  return !promise->class_symbol ||
         strstr(finding->object, text_of(change->symbols, promise->class_symbol));
}

/* Taken and given back before, and only taken now. */
static const Promise *find_kept(const Promises *promises, const Promise *like, const char *action) {
  Promise wanted = *like;
  uint32_t count;
  wanted.action = action;
  return find_like(promises, &wanted, &count);
}

static const char *case_words(Arena *arena, const Promise *promise) {
  const char *and = *promise->when && *promise->result ? " and" : "";
  const char *when = *promise->when ? arena_printf(arena, " when %s", promise->when) : "";
  if (!*promise->result)
    return when;
  if (!strcmp(promise->result, "does not return"))
    return arena_printf(arena, "%s%s when it does not return", when, and);
  return arena_printf(arena, "%s%s when it returns %s", when, and, promise->result);
}

static const char *deed_words(const Change *change, const char *how, const Promise *promise) {
  return arena_printf(change->arena, "%s %s '%s'%s", how, promise_verb(promise->action),
                      promise->what,
                      !strcmp(promise->action, "maybe") ? " in a state that is not known"
                      : !strcmp(promise->action, "use") ? " and gives it back"
                                                        : "");
}

static bool has_case(const Promises *promises, const Promise *wanted) {
  for (uint32_t i = 0; i < promises->count; i++)
    if (promise_is_like(&promises->at[i], wanted) && !strcmp(promises->at[i].when, wanted->when) &&
        !strcmp(promises->at[i].result, wanted->result))
      return true;
  return false;
}

/* What became of a promise; NULL: nothing that can be said in a few words. */
static const char *lost_words(const Change *change, const Promises *old, const Promises *now,
                              const Promise *was) {
  uint32_t count;
  const Promise *is = find_like(now, was, &count);
  const Promise *kept = strcmp(was->action, "use") ? NULL : find_kept(now, was, "acquire");
  if (kept)
    return arena_printf(change->arena, "no longer %sgives '%s' back", is ? "always " : "",
                        was->what);
  if (!is)
    return deed_words(change, "no longer", was);
  const char *only = count == 1 ? case_words(change->arena, is) : "";
  if (is->in_all || (!was->in_all && (!*only || has_case(old, is))))
    return NULL;
  const char *words = deed_words(change, was->in_all ? "no longer always" : "now", was);
  return *only ? arena_printf(change->arena, was->in_all ? "%s, only%s" : "%s only%s", words, only)
               : words;
}

static const char *gained_words(const Change *change, const Promises *old, const Promise *is) {
  uint32_t count;
  const Promise *was = find_like(old, is, &count);
  if (!was && !strcmp(is->action, "acquire") && find_kept(old, is, "use"))
    return NULL; // that is told as what is not given back
  if (!was)
    return arena_printf(change->arena, "%s%s", deed_words(change, "now", is),
                        case_words(change->arena, is));
  return is->in_all && !was->in_all ? deed_words(change, "now always", is) : NULL;
}

typedef struct {
  const char *at[MOST_CLAUSES];
  size_t count;
  bool too_many;
} Clauses;

static void add_clause(Clauses *clauses, const char *words) {
  for (size_t i = 0; words && i < clauses->count; i++)
    if (!strcmp(clauses->at[i], words))
      return;
  if (words && clauses->count == MOST_CLAUSES)
    clauses->too_many = true;
  else if (words)
    clauses->at[clauses->count++] = words;
}

static const char *promise_words(const Change *change, const Finding *finding) {
  const Function *before = change->changed->old.code, *f = change->now;
  const Summary *old = summary_of(change, change->changed->old.otherwise.id),
                *now = summary_of(change, change->id);
  if (!old || !now || before->parameter_count != f->parameter_count)
    return NULL;
  const char **names = arena_new_array(change->arena, const char *, f->parameter_count + 1);
  for (uint32_t i = 0; i < f->parameter_count; i++)
    names[i] = f->locals[i].name;
  ParameterNames known = {names, f->parameter_count}; // of both: a new name is no new promise
  Promises was = promises_of(change->arena, old, change->symbols, &known),
           is = promises_of(change->arena, now, change->symbols, &known);
  Clauses clauses = {0};
  for (uint32_t i = 0; i < was.count; i++)
    if (concerns(change, &was.at[i], finding))
      add_clause(&clauses, lost_words(change, &was, &is, &was.at[i]));
  for (uint32_t i = 0; i < is.count; i++)
    if (concerns(change, &is.at[i], finding))
      add_clause(&clauses, gained_words(change, &was, &is.at[i]));
  if (!clauses.count || clauses.too_many)
    return NULL;
  return clauses.count == 1
             ? clauses.at[0]
             : arena_printf(change->arena, "%s and %s", clauses.at[0], clauses.at[1]);
}

/* Of the function that the finding stands in, that it changed is what everybody sees. */
const char *change_words(const Change *change, const Finding *finding) {
  Arena *arena = change->arena;
  const char *name = change->now->name;
  bool is_own = !strcmp(finding->at.function, change->changed->key);
  const char *promise = is_own ? NULL : promise_words(change, finding);
  if (promise)
    return arena_printf(arena, "'%s' %s", name, promise);
  if (!change_is_written(change))
    return arena_printf(arena, "a macro or a type changed that '%s' uses", name);
  const char *call = call_words(change);
  if (call)
    return arena_printf(arena, "'%s' changed: it %s", name, call);
  return is_own ? NULL : arena_printf(arena, "'%s' changed", name);
}
