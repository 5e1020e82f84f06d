/* destructors.c - which functions run when a count has come to zero. */
#include <string.h>

#include "link/name_table.h"
#include "refs/ending.h"

enum { DESTRUCTORS = 400 };

static Hash key_of(uint32_t number, uint32_t function) {
  uint32_t both[2] = {number, function};
  return hash_bytes(both, sizeof both);
}

static void add_destructor(Ending *e, uint32_t function, uint32_t self) {
  Hash key = key_of(e->number, function);
  uint32_t known = hash_map_get(&e->c->by_function, key);
  if (known != MAP_ABSENT) {
    e->counted->destructors.at[known].self |= self;
    return;
  }
  if (e->counted->destructors.count >= DESTRUCTORS)
    return;
  hash_map_put(&e->c->by_function, key, (uint32_t)e->counted->destructors.count);
  array_push(&e->counted->destructors, (Destructor){.function = function, .self = self});
}

/* The pointer leads to the object, as far as is seen: by its type, or because it was handed on. */
static bool is_self(const Ending *e, PathId object, uint32_t self) {
  const PathTable *paths = e->c->r.paths;
  const PathNode *node = path_at(paths, object);
  if (node->kind == PATH_PARAMETER && node->number < 32 && self & 1u << node->number)
    return true;
  return node->pointee == e->counted->record;
}

/* Which parameters of the callee are the object, as bits. */
static uint32_t handed_on(const Ending *e, const ReferEvent *call, uint32_t self, PathId object) {
  const PathTable *paths = e->c->r.paths;
  uint32_t bits = 0;
  for (uint32_t i = 0; i < call->arg_count; i++) {
    const ReferArg *arg = &call->args[i];
    if (arg->number >= 32 || (arg->kind != MEANS_CONTENT && arg->kind != MEANS_ADDRESS))
      continue;
    PathId given = arg->kind == MEANS_CONTENT ? arg->path : object_of_place(paths, arg->path);
    bool is = object ? given == object : given && is_self(e, given, self);
    bits |= is ? 1u << arg->number : 0;
  }
  return bits;
}

static bool is_about(const Ending *e, const ReferFacts *facts) {
  const PathTable *paths = e->c->r.paths;
  for (uint32_t i = 0; facts && i < facts->count; i++) {
    const ReferEvent *event = &facts->events[i];
    PathId places[] = {event->place, event->place ? object_of_place(paths, event->place) : 0};
    for (size_t k = 0; k < sizeof places / sizeof *places; k++)
      if (places[k] && record_of_place(paths, places[k]) == e->counted->record)
        return true;
    for (uint32_t k = 0; k < event->arg_count; k++)
      if (event->args[k].kind <= MEANS_ADDRESS && event->args[k].path &&
          record_of_place(paths, event->args[k].path) == e->counted->record)
        return true;
  }
  return false;
}

/* object->ref.free(&object->ref): of all that are kept in such a field, those for the record. */
static void hand_to_field(Ending *e, const ReferEvent *call, uint32_t bits) {
  Targets targets = program_slot_targets(e->c->r.program, call->callee);
  for (uint32_t t = 0; t < targets.count; t++)
    if (is_about(e, read_facts(e->reading, targets.ids[t])))
      add_destructor(e, targets.ids[t], bits);
}

static void hand_on(Ending *e, const ReferFacts *facts, const ReferEvent *call, uint32_t self,
                    PathId object) {
  const Referring *r = &e->c->r;
  uint32_t bits = handed_on(e, call, self, object);
  if (bits && call->by_pointer && call->callee)
    hand_to_field(e, call, bits);
  Targets targets = bits && !call->by_pointer ? called_at(r, facts, call) : (Targets){0};
  for (uint32_t t = 0; t < targets.count; t++)
    add_destructor(e, targets.ids[t], bits);
}

/* release of put(&object->count, release) */
static void hand_to_callback(Ending *e, const ReferFacts *facts, const ReferEvent *call) {
  for (uint32_t i = 0; i < call->arg_count; i++) {
    if (call->args[i].kind != MEANS_FUNCTION)
      continue;
    Targets targets = program_resolve(e->c->r.program, facts->function, (TextId)call->args[i].path);
    for (uint32_t t = 0; t < targets.count; t++)
      add_destructor(e, targets.ids[t], 1);
  }
}

bool is_introduced(const CountedRecords *c, const Counted *counted, const ReferEffect *effect) {
  const Referring *r = &c->r;
  if (effect->kind != REFER_DOWN || record_of_place(r->paths, effect->place) != counted->record ||
      member_symbol(r->paths, member_of_place(r->paths, effect->place)) != counted->member)
    return false;
  if (effect->inner == NO_REFER_EFFECT ||
      record_of_place(r->paths, r->effects.at[effect->inner].place) != counted->record)
    return true;
  while (effect->inner != NO_REFER_EFFECT)
    effect = &r->effects.at[effect->inner];
  return r->facts[effect->function]->events[effect->event].ends & ENDS_BY_CALLER;
}

/* A function of which nothing is seen but its name. */
static bool is_called_free(const CountedRecords *c, const ReferEvent *call) {
  static const char *const words[] = {"free",    "destroy", "delete",  "dealloc",
                                      "release", "dispose", "finalize"};
  const char *key = text_of(c->r.program->symbols, call->callee), *colon = strrchr(key, ':');
  const char *name = colon ? colon + 1 : key;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strstr(name, words[i]))
      return true;
  return false;
}

/* The number goes down here. */
static void enter(Ending *e, const ReferEffect *down) {
  const Referring *r = &e->c->r;
  const ReferFacts *facts = r->facts[down->function];
  PathId object = object_of_place(r->paths, down->place);
  if (facts->events[down->event].kind == REFER_CALL)
    hand_to_callback(e, facts, &facts->events[down->event]);
  for (uint32_t i = 0; i < facts->count; i++) {
    const ReferEvent *event = &facts->events[i];
    if (!is_behind(facts, i, down->event, down->place))
      continue;
    if (event->kind == REFER_CALL) {
      e->is_freed |= handed_on(e, event, 0, object) && is_called_free(e->c, event) &&
                     !called_at(r, facts, event).count;
      hand_on(e, facts, event, 0, object);
    }
    e->is_freed |= event->kind == REFER_FREE && object_of_place(r->paths, event->place) == object;
  }
}

static bool frees_itself(const Ending *e, const ReferEvent *event, uint32_t self) {
  const PathTable *paths = e->c->r.paths;
  PathId object = object_of_place(paths, event->place);
  return event->kind == REFER_FREE &&
         (!object || path_at(paths, event->place)->kind == PATH_UNKNOWN ||
          is_self(e, object, self));
}

static void follow(Ending *e, size_t at) {
  const Destructor destructor = e->counted->destructors.at[at];
  const ReferFacts *facts = read_facts(e->reading, destructor.function);
  for (uint32_t i = 0; facts && i < facts->count; i++) {
    const ReferEvent *event = &facts->events[i];
    e->is_freed |= frees_itself(e, event, destructor.self);
    if (event->kind != REFER_CALL)
      continue;
    bool is_given = handed_on(e, event, destructor.self, 0) != 0;
    e->is_freed |=
        is_given && is_called_free(e->c, event) && !called_at(&e->c->r, facts, event).count;
    hand_on(e, facts, event, destructor.self, 0);
  }
}

static bool gives_memory_back(const Summary *model) {
  for (uint32_t c = 0; model && c < model->case_count; c++)
    for (uint32_t i = 0; i < model->cases[c].effect_count; i++)
      if (model->cases[c].effects[i].action == ACTION_CLOSE &&
          model->cases[c].effects[i].resource == RESOURCE_MEMORY)
        return true;
  return false;
}

/* What a library counts it ends by a function in a table, of which a model says so. */
static void enter_tables(Ending *e) {
  const Program *program = e->c->r.program;
  for (size_t i = 0; i < program->slots->entries.count; i++) {
    const NameEntry *slot = program->slots->entries.at[i];
    if (!gives_memory_back(models_find(program->models, slot->symbol)))
      continue;
    for (size_t t = 0; t < slot->ids.count; t++)
      if (is_about(e, read_facts(e->reading, slot->ids.at[t])))
        add_destructor(e, slot->ids.at[t], 1);
  }
}

void find_destructors(Ending *e) {
  const Referring *r = &e->c->r;
  if (!e->counted->member)
    enter_tables(e);
  for (size_t i = 0; i < r->effects.count; i++)
    if (is_introduced(e->c, e->counted, &r->effects.at[i]))
      enter(e, &r->effects.at[i]);
  for (size_t i = 0; i < e->counted->destructors.count; i++)
    follow(e, i);
  e->counted->is_counted = e->is_freed || !e->counted->member;
}

/* ---- destructors that others call, too */

static bool is_fresh(const CountedRecords *c, uint32_t function, PathId object) {
  const Referring *r = &c->r;
  if (path_at(r->paths, object)->kind != PATH_RESULT)
    return false;
  for (uint32_t i = r->first[function]; i < r->last[function]; i++)
    if (r->effects.at[i].kind == REFER_BEGIN &&
        object_of_place(r->paths, r->effects.at[i].place) == object)
      return true;
  return false;
}

static bool is_behind_zero(const CountedRecords *c, const Counted *counted, uint32_t function,
                           uint32_t event) {
  const Referring *r = &c->r;
  for (uint32_t i = r->first[function]; i < r->last[function]; i++)
    if (is_introduced(c, counted, &r->effects.at[i]) &&
        is_behind(r->facts[function], event, r->effects.at[i].event, r->effects.at[i].place))
      return true;
  return false;
}

static Destructor *destructor_of(const CountedRecords *c, const Counted *counted,
                                 uint32_t function) {
  uint32_t at = hash_map_get(&c->by_function, key_of((uint32_t)(counted - c->all.at), function));
  return at == MAP_ABSENT ? NULL : &counted->destructors.at[at];
}

/* The call hands the object to a destructor. */
static bool expose_callees(Ending *e, const ReferFacts *facts, uint32_t event) {
  const CountedRecords *c = e->c;
  const ReferEvent *call = &facts->events[event];
  const Destructor *own = destructor_of(c, e->counted, facts->function->id);
  uint32_t bits = handed_on(e, call, own ? own->self : 0, 0);
  Targets targets = bits ? called_at(&c->r, facts, call) : (Targets){0};
  bool any = false;
  for (uint32_t t = 0; t < targets.count; t++) {
    Destructor *callee = destructor_of(c, e->counted, targets.ids[t]);
    if (callee && !callee->is_exposed && callee->self & bits) {
      callee->is_exposed = true;
      any = true;
    }
  }
  return any;
}

static bool hands_fresh(const CountedRecords *c, const ReferFacts *facts, const ReferEvent *call) {
  for (uint32_t i = 0; i < call->arg_count; i++)
    if (call->args[i].kind == MEANS_CONTENT && is_fresh(c, facts->function->id, call->args[i].path))
      return true;
  return false;
}

static bool expose_from(Ending *e, const ReferFacts *facts) {
  bool any = false;
  uint32_t function = facts->function->id;
  const Destructor *own = destructor_of(e->c, e->counted, function);
  if (own && !own->is_exposed)
    return false;
  for (uint32_t i = 0; i < facts->count; i++)
    if (facts->events[i].kind == REFER_CALL && !is_behind_zero(e->c, e->counted, function, i) &&
        !hands_fresh(e->c, facts, &facts->events[i]))
      any |= expose_callees(e, facts, i);
  return any;
}

void find_exposed(Ending *e) {
  const Referring *r = &e->c->r;
  for (bool again = e->counted->destructors.count; again;) {
    again = false;
    for (uint32_t i = 0; i < r->program->function_count; i++)
      if (r->facts[i])
        again |= expose_from(e, r->facts[i]);
  }
}

bool is_in_destructor(const CountedRecords *c, const Counted *counted, const ReferEffect *effect) {
  const Destructor *destructor = destructor_of(c, counted, effect->function);
  if (destructor)
    return !destructor->is_exposed;
  return is_behind_zero(c, counted, effect->function, effect->event);
}
