/* objects.c - see objects.h. Imprecise: a record of links that many containers are made of has
 * something taken out somewhere, so lists of that kind are left alone. */
#include "growth/objects.h"

#include <string.h>

#include "base/array.h"
#include "growth/asked.h"

enum {                // of records and fields, by text
  RECORD_TAKEN = 1,   // a function takes elements out of what it is, or is a part of
  RECORD_RESIZED = 2, // it has an array that is moved to a larger block
  FIELD_SET = 4,      // a function that frees nothing gives it a value
};

typedef struct {
  Arena *arena;
  const Program *program;
  PathTable *paths;
  const GrowthEffects *effects;
  uint8_t *known; // by text
  ARRAY(ObjectContainer) found;
} Objects;

/* Nobody can call it. */
static bool is_dead(const ProgramFunction *function) {
  return function->declared.flags & FUNCTION_INTERNAL && !function->caller_count &&
         !function->address_taken;
}

/* Others may call it with an object of theirs. */
static bool is_entry(const Program *program, const ProgramFunction *function) {
  return function->address_taken || (!(function->declared.flags & FUNCTION_INTERNAL) &&
                                     !is_called_elsewhere(program, function));
}

/* The record whose field the path ends in; 0: it ends in none. */
static TextId record_of(const Objects *x, PathId path) {
  const PathNode *node = path_at(x->paths, path);
  return node->kind == PATH_FIELD ? node->owner : 0;
}

static void note(const Objects *x, const Touch *touch) {
  const PathNode *node = path_at(x->paths, touch->path);
  TextId record = record_of(x, touch->path), element = record_of(x, touch->other);
  switch ((TouchKind)touch->kind) {
  case TOUCH_RESIZES:
    x->known[record] |= RECORD_RESIZED;
    break;
  case TOUCH_SHRINKS:
    x->known[element] |= RECORD_TAKEN;
    x->known[record] |= RECORD_TAKEN;
    break;
  case TOUCH_COUNTS_DOWN:
    x->known[record] |= RECORD_TAKEN;
    break;
  case TOUCH_RESETS:
    if (touch->flags & TOUCH_OF_NUMBER)
      x->known[record] |= touch->flags & TOUCH_TO_ZERO ? RECORD_TAKEN : 0;
    else if (node->kind == PATH_FIELD)
      x->known[node->number] |= FIELD_SET;
    break;
  default:
    break;
  }
}

static void note_all(const Objects *x, const GrowthFacts *facts) {
  bool frees = false;
  for (uint32_t i = 0; i < facts->touch_count; i++)
    frees |= facts->touches[i].kind == TOUCH_FREES;
  for (uint32_t i = 0; i < facts->touch_count; i++)
    if (facts->touches[i].kind != TOUCH_RESETS || !frees)
      note(x, &facts->touches[i]);
}

/* The fields on the way: what has them is the object, or what it points to. */
static bool is_part_of_object(const Objects *x, PathId path) {
  const PathNode *root = path_at(x->paths, path_first(x->paths, path));
  uint32_t fields = 0;
  for (PathId at = path; at; at = path_at(x->paths, at)->parent)
    fields += path_at(x->paths, at)->kind == PATH_FIELD;
  return root->kind == PATH_PARAMETER && root->pointee && fields > 1;
}

/* By what the program says of the types, none is ever taken out, and there is room for more. */
static bool only_grows(const Objects *x, const Touch *touch) {
  TextId record = record_of(x, touch->path);
  if (!record || x->known[record] & RECORD_TAKEN)
    return false;
  if (touch->flags & TOUCH_ARRAY)
    return x->known[record] & RECORD_RESIZED && path_at(x->paths, touch->path)->kind == PATH_FIELD;
  return !(x->known[record_of(x, touch->other)] & RECORD_TAKEN);
}

static bool is_limited(const Objects *x, const GrowthEffect *effect) {
  for (uint32_t i = 0; i < GUARDS && effect->guards[i]; i++)
    if (path_at(x->paths, effect->guards[i])->kind == PATH_FIELD)
      return true;
  return false;
}

static bool is_replaced(const Objects *x, PathId path) {
  for (PathId at = path_at(x->paths, path)->parent; at; at = path_at(x->paths, at)->parent)
    if (path_at(x->paths, at)->kind == PATH_FIELD &&
        x->known[path_at(x->paths, at)->number] & FIELD_SET)
      return true;
  return false;
}

static void add(Objects *x, uint32_t growth) {
  PathId path = x->effects->at[growth].touch.path;
  PathId named = path_named(x->paths, x->program->symbols, path, true);
  const char *words = path_in_words(x->arena, x->paths, x->program->symbols, named);
  ObjectContainer one = {
      .name = strncmp(words, "->", 2) == 0 ? words + 2 : words,
      .record = record_in_words(
          x->arena,
          text_of(x->program->symbols, path_at(x->paths, path_first(x->paths, path))->pointee)),
      .growth = growth,
      .is_replaced = is_replaced(x, path)};
  for (size_t i = 0; i < x->found.count; i++)
    if (!strcmp(x->found.at[i].name, one.name) && !strcmp(x->found.at[i].record, one.record))
      return;
  array_push(&x->found, one);
}

ObjectContainers object_containers_find(Arena *arena, const Program *program, PathTable *paths,
                                        const GrowthEffects *effects, const GrowthFacts *facts,
                                        uint32_t fact_count) {
  Objects x = {.arena = arena,
               .program = program,
               .paths = paths,
               .effects = effects,
               .known = arena_new_array(arena, uint8_t, text_count(program->symbols))};
  for (uint32_t i = 0; i < fact_count; i++)
    if (!is_dead(facts[i].function))
      note_all(&x, &facts[i]);
  x.known[0] = 0;
  for (uint32_t f = 0; f < program->function_count; f++) {
    const ProgramFunction *function = &program->functions[f];
    if (!is_entry(program, function))
      continue;
    for (uint32_t i = effects->first[f]; i < effects->last[f]; i++) {
      const GrowthEffect *effect = &effects->at[i];
      bool is_growth = effect->touch.kind == TOUCH_GROWS && effect->touch.flags & TOUCH_KEYED &&
                       !(effect->touch.flags & (TOUCH_WHEN_EMPTY | TOUCH_BY_RESULT));
      if (is_growth && is_part_of_object(&x, effect->touch.path) &&
          only_grows(&x, &effect->touch) && !is_limited(&x, effect))
        add(&x, i);
    }
  }
  ObjectContainers found = {arena_copy(arena, x.found.at, sizeof *x.found.at * x.found.count),
                            (uint32_t)x.found.count};
  array_free(&x.found);
  return found;
}
