/* promise.c - see promise.h. */
#include "model/promise.h"

#include <inttypes.h>
#include <string.h>

typedef struct {
  Arena *arena;
  const Summary *summary;
  const TextPool *symbols;
  const ParameterNames *names;
} Reader;

/* ---- words */

/* As the programmer would write it. */
static const char *term_words(const Reader *r, TermId term) {
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  term_print(out, r->summary->terms, r->symbols, term, r->names);
  fclose(out);
  const char *copy = arena_text(r->arena, text);
  memory_free(text);
  return copy;
}

static const char *condition_words(const Reader *r, const Case *c) {
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  for (uint32_t i = 0; i < c->condition_count; i++) {
    fputs(i ? " and " : "", out);
    condition_print(out, r->summary->terms, r->symbols, &c->conditions[i], r->names);
  }
  fclose(out);
  const char *copy = arena_text(r->arena, text);
  memory_free(text);
  return copy;
}

static const char *bound_words(Arena *arena, int64_t bound) {
  return bound == INT64_MIN || bound == INT64_MAX ? "any" : arena_printf(arena, "%" PRId64, bound);
}

static const char *result_words(const Reader *r, const Case *c) {
  Arena *arena = r->arena;
  if (c->no_return)
    return "does not return";
  if (c->result)
    return term_words(r, c->result);
  if (c->low == INT64_MIN && c->high == INT64_MAX)
    return c->no_zero ? "not 0" : "";
  if (c->low == c->high)
    return arena_printf(arena, "%" PRId64, c->low);
  if (c->low == INT64_MIN)
    return c->high == -1 ? "below 0" : arena_printf(arena, "at most %" PRId64, c->high);
  if (c->high == INT64_MAX)
    return c->low == 1 ? "above 0" : arena_printf(arena, "at least %" PRId64, c->low);
  return arena_printf(arena, "%s to %s", bound_words(arena, c->low), bound_words(arena, c->high));
}

/* NULL: nothing that a caller has to know. */
static const char *action_word(const Effect *effect) {
  static const char *const words[ACTION_COUNT] = {
      [ACTION_ACQUIRE] = "acquire", [ACTION_RELEASE] = "release",
      [ACTION_REQUIRE] = "require", [ACTION_USE] = "use",
      [ACTION_MAYBE] = "maybe",     [ACTION_RELEASE_ALL] = "release-all",
      [ACTION_INIT] = "init",       [ACTION_DESTROY] = "destroy",
      [ACTION_WAIT] = "wait",       [ACTION_OPEN] = "open",
      [ACTION_CLOSE] = "close",     [ACTION_SPAWN] = "spawn",
      [ACTION_JOIN] = "join",       [ACTION_DETACH] = "detach",
      [ACTION_CANCEL] = "cancel",
  };
  bool of_thread = effect->resource == RESOURCE_THREAD;
  if (of_thread && effect->action == ACTION_ACQUIRE)
    return "spawn";
  if (of_thread && effect->action == ACTION_RELEASE)
    return "join";
  if (of_thread && effect->action == ACTION_USE)
    return NULL; // a thread that it creates and joins itself
  return words[effect->action];
}

static const char *kind_words(const Reader *r, const Effect *effect) {
  const char *kind = effect->resource == RESOURCE_THREAD ? "" : text_of(r->symbols, effect->text);
  if (effect->resource != RESOURCE_LOCK || !(effect->flags & LOCK_READ))
    return kind;
  return *kind ? arena_printf(r->arena, "%s, read", kind) : "read";
}

/* ---- what it does */

/* As contracts and reports have it. */
const char *promise_verb(const char *action) {
  static const char *const verbs[][2] = {
      {"acquire", "acquires"}, {"release", "releases"},    {"require", "requires"},
      {"use", "takes"},        {"maybe", "may leave"},     {"init", "initialises"},
      {"destroy", "destroys"}, {"wait", "waits for"},      {"open", "opens"},
      {"close", "closes"},     {"spawn", "leaves thread"}, {"join", "joins"},
      {"detach", "detaches"},  {"cancel", "cancels"},      {"release-all", "releases all"},
  };
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
    if (!strcmp(verbs[i][0], action))
      return verbs[i][1];
  return action;
}

bool promise_is_like(const Promise *a, const Promise *b) {
  return !strcmp(a->action, b->action) && !strcmp(a->what, b->what) && !strcmp(a->kind, b->kind);
}

/* A handle that is given by value stands as what a pointer leads to, too. */
static TermId named_place(const Reader *r, const Effect *effect) {
  const Term *term = term_at(r->summary->terms, effect->place);
  bool is_given = effect->resource == RESOURCE_THREAD && term->kind == TERM_DEREF &&
                  term_at(r->summary->terms, term->a)->kind == TERM_PARAM;
  return is_given ? term->a : effect->place;
}

/* A wait with its mutex, which the caller has to hold. */
static const char *what_words(const Reader *r, const Effect *effect) {
  const char *place = term_words(r, named_place(r, effect));
  return effect->action == ACTION_WAIT && effect->other
             ? arena_printf(r->arena, "%s with %s", place, term_words(r, effect->other))
             : place;
}

static TextId class_of(const Reader *r, TermId place) {
  const Term *term = term_at(r->summary->terms, place);
  return term->kind == TERM_FIELD ? term->b : term->kind == TERM_GLOBAL ? term->a : 0;
}

/* False: nothing that a caller has to know. */
static bool promise_of(const Reader *r, const Effect *effect, Promise *promise) {
  const char *action = action_word(effect);
  if (action)
    *promise = (Promise){.action = action,
                         .what = what_words(r, effect),
                         .kind = kind_words(r, effect),
                         .when = "",
                         .result = "",
                         .class_symbol = class_of(r, effect->place)};
  return action;
}

static bool is_in_case(const Reader *r, const Promise *promise, const Case *c) {
  Promise other;
  for (uint32_t i = 0; i < c->effect_count; i++)
    if (promise_of(r, &c->effects[i], &other) && promise_is_like(promise, &other))
      return true;
  return false;
}

static bool is_in_all_cases(const Reader *r, const Promise *promise) {
  for (uint32_t i = 0; i < r->summary->case_count; i++)
    if (!r->summary->cases[i].no_return && !is_in_case(r, promise, &r->summary->cases[i]))
      return false;
  return true;
}

static bool is_listed(const Promises *promises, const Promise *promise) {
  for (uint32_t i = 0; i < promises->count; i++)
    if (promise_is_like(&promises->at[i], promise) &&
        !strcmp(promises->at[i].when, promise->when) &&
        !strcmp(promises->at[i].result, promise->result))
      return true;
  return false;
}

static void add_promises(const Reader *r, Promises *promises, const Case *c) {
  Promise promise;
  for (uint32_t i = 0; i < c->effect_count; i++) {
    if (!promise_of(r, &c->effects[i], &promise))
      continue;
    promise.in_all = is_in_all_cases(r, &promise);
    if (!promise.in_all) {
      promise.when = condition_words(r, c);
      promise.result = result_words(r, c);
    }
    if (!is_listed(promises, &promise))
      promises->at[promises->count++] = promise;
  }
}

Promises promises_of(Arena *arena, const Summary *summary, const TextPool *symbols,
                     const ParameterNames *names) {
  Reader r = {arena, summary, symbols, names};
  size_t effects = 0;
  for (uint32_t i = 0; i < summary->case_count; i++)
    effects += summary->cases[i].effect_count;
  Promises promises = {.at = arena_new_array(arena, Promise, effects)};
  for (uint32_t i = 0; i < summary->case_count; i++)
    add_promises(&r, &promises, &summary->cases[i]);
  return promises;
}
