/* cycles.c - see cycles.h. Imprecise: a field is one for all objects of its record. */
#include "refs/cycles.h"

#include <ctype.h>
#include <string.h>

#include "base/guard.h"

enum { CYCLES = 64 };

/* One store that takes a reference. */
typedef struct {
  uint32_t effect;
  PathId object, value; // whose field it is, and what it is set to
} StrongStore;

typedef struct {
  OwningField field;
  bool is_broken;     // somebody gives it up while the objects are in use
  bool is_collection; // it holds several
  ARRAY(StrongStore) stores;
  ARRAY(uint32_t) functions; // that have to do with it
} Field;

typedef struct {
  Arena *arena;
  CountedRecords *c;
  const Referring *r;
  const PathTable *paths;
  ARRAY(Field) fields;
  bool *is_part; // per effect: of a store that takes a reference, by a caller
  ARRAY(ReferenceCycle) found;
} Search;

static const ReferEffect *effect_at(const Search *x, uint32_t effect) {
  return &x->r->effects.at[effect];
}

const ReferEffect *reference_origin(const Referring *r, const ReferEffect *effect) {
  while (effect->inner != NO_REFER_EFFECT)
    effect = &r->effects.at[effect->inner];
  return effect;
}

/* ---- fields */

/* Whose field it is. */
static PathId owner_of(const Search *x, PathId place) {
  return object_of_place(x->paths, member_of_place(x->paths, place));
}

/* Of a place in a record that points to another one. */
static Field *field_of(Search *x, PathId place) {
  PathId member = place ? member_of_place(x->paths, place) : 0;
  for (size_t i = 0; i < x->fields.count && member; i++)
    if (x->fields.at[i].field.field == path_at(x->paths, member)->number)
      return &x->fields.at[i];
  return NULL;
}

static Field *make_field(Search *x, PathId place, TextId target) {
  const PathNode *member = path_at(x->paths, member_of_place(x->paths, place));
  Field *known = field_of(x, place);
  if (known)
    return known;
  array_push(&x->fields,
             (Field){.field = {.owner = member->owner, .field = member->number, .target = target}});
  return &x->fields.at[x->fields.count - 1];
}

/* The record of what is at `value`, which gets one more reference in that function, or was made
 * with one there; 0: it does not. `usual` is the type of where it is kept. */
static TextId referred_to(const Search *x, uint32_t function, PathId value, TextId usual) {
  bool is_result = path_at(x->paths, value)->kind == PATH_RESULT;
  for (uint32_t i = x->r->first[function]; i < x->r->last[function]; i++) {
    const ReferEffect *effect = effect_at(x, i);
    bool counts = effect->kind == REFER_UP || (effect->kind == REFER_BEGIN && is_result);
    if (!counts || object_of_place(x->paths, effect->place) != value)
      continue;
    PathId member = member_of_place(x->paths, effect->place);
    TextId record = record_of_place(x->paths, effect->place);
    if (!record) // a library made it
      record = usual;
    const Counted *counted = counted_record(x->c, record);
    if (counted && (member ? path_at(x->paths, member)->number : 0) == counted->member)
      return record;
  }
  return 0;
}

static bool is_fresh(const Search *x, uint32_t function, PathId object) {
  if (!object || path_at(x->paths, object)->kind != PATH_RESULT)
    return false;
  for (uint32_t i = x->r->first[function]; i < x->r->last[function]; i++)
    if (effect_at(x, i)->kind == REFER_BEGIN &&
        object_of_place(x->paths, effect_at(x, i)->place) == object)
      return true;
  return false;
}

/* The record to which a reference is taken and stored; 0: none is. */
static TextId strong_target(const Search *x, const ReferEffect *effect) {
  PathId member = effect->kind == REFER_STORE ? member_of_place(x->paths, effect->place) : 0;
  if (!member || effect->address || !counted_record(x->c, path_at(x->paths, member)->owner))
    return 0;
  return referred_to(x, effect->function, effect->value, path_at(x->paths, effect->place)->pointee);
}

/* object->next = owner->first, which then becomes the object. */
static bool is_linked_in(const Search *x, const ReferEffect *store) {
  for (uint32_t i = x->r->first[store->function]; i < x->r->last[store->function]; i++) {
    const ReferEffect *other = effect_at(x, i);
    if (other->kind == REFER_STORE && other->value == store->place &&
        object_of_place(x->paths, other->place) == store->value)
      return true;
  }
  return false;
}

/* The same in its function's range, for one that was told around a circle of calls. */
static uint32_t present(const Search *x, uint32_t number) {
  const ReferEffect *effect = effect_at(x, number);
  for (uint32_t i = x->r->first[effect->function]; i < x->r->last[effect->function]; i++) {
    const ReferEffect *other = effect_at(x, i);
    if (other->kind == effect->kind && other->place == effect->place &&
        other->value == effect->value && other->event == effect->event)
      return i;
  }
  return number;
}

static bool is_present(const Search *x, uint32_t number) {
  uint32_t function = effect_at(x, number)->function;
  return number >= x->r->first[function] && number < x->r->last[function];
}

static void find_strong(Search *x) {
  for (uint32_t i = 0; i < x->r->effects.count; i++) {
    const ReferEffect *effect = effect_at(x, i);
    TextId target = is_present(x, i) ? strong_target(x, effect) : 0;
    if (!target)
      continue;
    Field *field = make_field(x, effect->place, target);
    array_push(&field->stores, (StrongStore){i, owner_of(x, effect->place), effect->value});
    field->is_collection |=
        member_of_place(x->paths, effect->place) != effect->place || is_linked_in(x, effect);
    x->is_part[i] = true;
    for (uint32_t at = i; effect_at(x, at)->inner != NO_REFER_EFFECT; at = effect_at(x, at)->inner)
      x->is_part[present(x, effect_at(x, at)->inner)] = true;
  }
}

/* ---- who gives it up */

static void touch(Field *field, uint32_t function) {
  for (size_t i = 0; i < field->functions.count; i++)
    if (field->functions.at[i] == function)
      return;
  array_push(&field->functions, function);
}

static bool is_at_end(const Search *x, TextId record, const ReferEffect *effect) {
  const Counted *counted = counted_record(x->c, record);
  return counted && is_in_destructor(x->c, counted, effect);
}

/* What `holder` leads to gets one reference less. */
static void judge_release(Search *x, const ReferEffect *effect, PathId holder) {
  Field *field = field_of(x, holder);
  if (!field)
    return;
  touch(field, effect->function);
  if (is_at_end(x, field->field.owner, effect))
    field->field.release = effect;
  else if (!is_fresh(x, effect->function, owner_of(x, holder)))
    field->is_broken = true;
}

/* What a callee did with the same field, it is judged for. */
static bool is_new(Search *x, const ReferEffect *effect) {
  if (effect->inner == NO_REFER_EFFECT)
    return true;
  const ReferEffect *inner = effect_at(x, effect->inner);
  return inner->kind != effect->kind || field_of(x, inner->place) != field_of(x, effect->place);
}

static void judge_store(Search *x, uint32_t number) {
  const ReferEffect *effect = effect_at(x, number);
  Field *field = field_of(x, effect->place);
  if (!field)
    return;
  touch(field, effect->function);
  if (!x->is_part[number] && is_new(x, effect) && !is_at_end(x, field->field.owner, effect) &&
      !is_fresh(x, effect->function, owner_of(x, effect->place)))
    field->is_broken = true;
}

/* The callee's effect that takes a reference from one of its arguments, or NULL. */
static const ReferEffect *gives_up(const Search *x, uint32_t callee, const ReferArg *arg) {
  for (uint32_t i = x->r->first[callee]; i < x->r->last[callee]; i++) {
    const ReferEffect *effect = effect_at(x, i);
    PathId object = effect->kind == REFER_DOWN ? object_of_place(x->paths, effect->place) : 0;
    const PathNode *node = path_at(x->paths, object);
    if (node->kind == PATH_PARAMETER && node->number == arg->number &&
        counted_record(x->c, record_of_place(x->paths, effect->place)))
      return effect;
  }
  return NULL;
}

static void judge_argument(Search *x, const ReferFacts *facts, uint32_t event,
                           const ReferArg *arg) {
  const ReferEvent *call = &facts->events[event];
  Field *field = field_of(x, arg->path);
  if (!field)
    return;
  Targets targets = called_at(x->r, facts, call);
  bool is_known = targets.count && !targets.open;
  const ReferEffect *given_up = NULL;
  for (uint32_t t = 0; t < targets.count; t++) {
    is_known &= x->r->facts[targets.ids[t]] != NULL;
    given_up = given_up ? given_up : gives_up(x, targets.ids[t], arg);
  }
  ReferEffect here = {.function = facts->function->id,
                      .instruction = call->instruction,
                      .event = event,
                      .inner = NO_REFER_EFFECT};
  if (arg->kind == MEANS_CONTENT && given_up)
    judge_release(x, arena_copy(x->arena, &here, sizeof here), arg->path);
  else if (arg->kind == MEANS_ADDRESS && !is_known) // it goes where it is not followed
    field->is_broken |= !is_at_end(x, field->field.owner, &here);
}

static void judge_calls(Search *x, const ReferFacts *facts) {
  for (uint32_t i = 0; i < facts->count; i++)
    for (uint32_t k = 0; k < facts->events[i].arg_count; k++)
      if (facts->events[i].args[k].kind == MEANS_CONTENT ||
          facts->events[i].args[k].kind == MEANS_ADDRESS)
        judge_argument(x, facts, i, &facts->events[i].args[k]);
}

/* An element is taken out of a collection: in one function it, or what linked it, is changed, and
 * its reference given back. */
static bool is_of_end(const Search *x, const Field *field, const ReferEffect *effect) {
  for (;; effect = effect_at(x, effect->inner)) {
    if (is_at_end(x, field->field.owner, effect) || is_at_end(x, field->field.target, effect))
      return true;
    if (effect->inner == NO_REFER_EFFECT)
      return false;
  }
}

static bool takes_out(Search *x, const Field *field, const ReferEffect *down) {
  TextId record = field->field.target;
  for (uint32_t i = x->r->first[down->function]; i < x->r->last[down->function]; i++) {
    const ReferEffect *effect = effect_at(x, i);
    bool stores = effect->kind == REFER_STORE || effect->kind == REFER_CLEAR;
    PathId member = stores ? member_of_place(x->paths, effect->place) : 0;
    bool is_link = member && path_at(x->paths, member)->owner == record &&
                   path_at(x->paths, effect->place)->pointee == record;
    if (stores && (is_link || field_of(x, effect->place) == field) && !is_of_end(x, field, effect))
      return true;
  }
  return false;
}

static void judge_removal(Search *x, const ReferEffect *down) {
  TextId record = record_of_place(x->paths, down->place);
  for (size_t f = 0; f < x->fields.count; f++) {
    Field *field = &x->fields.at[f];
    if (field->is_collection && !field->is_broken && field->field.target == record &&
        !is_of_end(x, field, down) &&
        !is_fresh(x, down->function, object_of_place(x->paths, down->place)))
      field->is_broken = takes_out(x, field, down);
  }
}

static void judge_fields(Search *x) {
  for (uint32_t i = 0; i < x->r->effects.count && x->fields.count; i++) {
    const ReferEffect *effect = effect_at(x, i);
    if (!is_present(x, i))
      continue;
    if (effect->kind == REFER_DOWN) {
      judge_release(x, effect, object_of_place(x->paths, effect->place));
      judge_removal(x, effect);
    } else if (effect->kind == REFER_STORE || effect->kind == REFER_CLEAR) {
      judge_store(x, i);
    }
  }
  for (uint32_t i = 0; i < x->r->program->function_count && x->fields.count; i++)
    if (x->r->facts[i])
      judge_calls(x, x->r->facts[i]);
}

/* ---- circles */

static bool reads_weak(const char *key) {
  static const char *const words[] = {"parent", "owner",  "back",  "up",     "prev", "previous",
                                      "outer",  "holder", "super", "master", "host", "container"};
  const char *name = strrchr(key, '.') ? strrchr(key, '.') + 1 : key;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    size_t length = strlen(words[i]);
    for (const char *at = strstr(name, words[i]); at; at = strstr(at + 1, words[i]))
      if ((at == name || !isalpha((unsigned char)at[-1])) && !islower((unsigned char)at[length]))
        return true;
  }
  return false;
}

/* Stores of one function that lead from an object through all fields back to it. */
static bool closes(const Search *x, Field *const *fields, uint32_t count, uint32_t at,
                   uint32_t *chosen) {
  const Field *field = fields[at];
  const StrongStore *first = at ? &fields[0]->stores.at[chosen[0]] : NULL,
                    *before = at ? &fields[at - 1]->stores.at[chosen[at - 1]] : NULL;
  for (uint32_t i = 0; i < field->stores.count; i++) {
    const StrongStore *store = &field->stores.at[i];
    bool fits =
        !at || (store->object == before->value &&
                effect_at(x, store->effect)->function == effect_at(x, first->effect)->function);
    chosen[at] = i;
    if (!store->object || !fits)
      continue;
    if (at + 1 < count ? closes(x, fields, count, at + 1, chosen)
                       : store->value == fields[0]->stores.at[chosen[0]].object)
      return true;
  }
  return false;
}

static void add_cycle(Search *x, Field *const *fields, uint32_t count) {
  uint32_t chosen[REFERENCE_CYCLE] = {0}, first = 0;
  ReferenceCycle cycle = {.count = count, .is_of_objects = closes(x, fields, count, 0, chosen)};
  bool is_one_record = fields[0]->field.owner == fields[0]->field.target;
  if ((!cycle.is_of_objects && is_one_record) || x->found.count >= CYCLES)
    return;
  OwningField told[REFERENCE_CYCLE];
  for (uint32_t i = 0; i < count; i++) {
    const Field *field = fields[i];
    const ReferEffect *store =
        effect_at(x, field->stores.at[cycle.is_of_objects ? chosen[i] : 0].effect);
    told[i] = field->field;
    told[i].closer = store;
    told[i].store = reference_origin(x->r, store);
    told[i].reads_weak = reads_weak(text_of(x->r->program->symbols, field->field.field));
    told[i].touched = (uint32_t)field->functions.count;
    bool closes_later = store->instruction > told[first].closer->instruction;
    if (i && told[i].reads_weak != told[first].reads_weak
            ? told[i].reads_weak
            : i && cycle.is_of_objects && closes_later)
      first = i;
  }
  for (uint32_t i = 0; i < count; i++)
    cycle.fields[i] = told[(first + i) % count];
  array_push(&x->found, cycle);
}

static bool owns(const Field *field) {
  return field->field.release && !(field->is_broken && guard_on("ref-broken"));
}

/* Names, since numbers hang on which facts were read first. */
static bool is_later(const Search *x, TextId a, TextId b) {
  const TextPool *texts = x->r->program->symbols;
  return strcmp(text_of(texts, a), text_of(texts, b)) > 0;
}

/* From the owner with the first name, so that each circle is found once. */
static void extend(Search *x, Field **fields, uint32_t count) {
  TextId start = fields[0]->field.owner, end = fields[count - 1]->field.target;
  if (end == start) {
    add_cycle(x, fields, count);
    return;
  }
  bool is_longer = count < REFERENCE_CYCLE && is_later(x, end, start);
  for (uint32_t i = 0; i < count; i++)
    is_longer &= fields[i]->field.owner != end;
  for (size_t i = 0; i < x->fields.count && is_longer; i++)
    if (owns(&x->fields.at[i]) && x->fields.at[i].field.owner == end) {
      fields[count] = &x->fields.at[i];
      extend(x, fields, count + 1);
    }
}

/* Of one record: an object that owns itself, or two that own each other by different fields. */
static void find_own(Search *x, Field *field) {
  Field *fields[2] = {field};
  add_cycle(x, fields, 1);
  for (Field *other = field + 1; other < x->fields.at + x->fields.count; other++)
    if (owns(other) && other->field.owner == field->field.owner &&
        other->field.target == field->field.target) {
      fields[1] = other;
      add_cycle(x, fields, 2);
    }
}

ReferenceCycles reference_cycles(Arena *arena, CountedRecords *c) {
  Search x = {.arena = arena,
              .c = c,
              .r = &c->r,
              .paths = c->r.paths,
              .is_part = arena_new_array(c->r.arena, bool, c->r.effects.count + 1)};
  find_strong(&x);
  judge_fields(&x);
  for (size_t i = 0; i < x.fields.count; i++) {
    Field *fields[REFERENCE_CYCLE] = {&x.fields.at[i]};
    if (!owns(fields[0]))
      continue;
    if (fields[0]->field.owner == fields[0]->field.target)
      find_own(&x, fields[0]);
    else
      extend(&x, fields, 1);
  }
  ReferenceCycles cycles = {arena_copy(arena, x.found.at, sizeof *x.found.at * x.found.count),
                            (uint32_t)x.found.count};
  for (size_t i = 0; i < x.fields.count; i++) {
    array_free(&x.fields.at[i].stores);
    array_free(&x.fields.at[i].functions);
  }
  array_free(&x.fields);
  array_free(&x.found);
  return cycles;
}
