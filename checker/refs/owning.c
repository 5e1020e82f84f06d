/* owning.c - which counted records may own each other, by what their destructors give up: all
 * others need not be looked at any further. */
#include <string.h>

#include "refs/ending.h"

/* Who gives up what, at the end, by number in `all`. */
typedef struct {
  const CountedRecords *c;
  bool *gives_up; // all times all
  bool *seen;
} Owning;

static bool is_of(const Owning *o, size_t owner, PathId pointer) {
  PathId member = pointer ? member_of_place(o->c->r.paths, pointer) : 0;
  return member && path_at(o->c->r.paths, member)->owner == o->c->all.at[owner].record;
}

static void note_owned(Owning *o, size_t owner, TextId target) {
  for (size_t i = 0; i < o->c->all.count; i++)
    o->gives_up[owner * o->c->all.count + i] |=
        o->c->all.at[i].is_counted && o->c->all.at[i].record == target;
}

/* What an argument leads to, by its type, or by what callees count down. */
static void note_handed(Owning *o, size_t owner, const ReferFacts *facts, const ReferEvent *call,
                        const ReferArg *arg) {
  const Referring *r = &o->c->r;
  note_owned(o, owner, path_at(r->paths, arg->path)->pointee);
  Targets targets = called_at(r, facts, call);
  for (uint32_t t = 0; t < targets.count; t++)
    for (uint32_t i = r->first[targets.ids[t]]; i < r->last[targets.ids[t]]; i++) {
      const ReferEffect *effect = &r->effects.at[i];
      const PathNode *root = path_at(r->paths, path_first(r->paths, effect->place));
      if (effect->kind == REFER_DOWN && root->kind == PATH_PARAMETER && root->number == arg->number)
        note_owned(o, owner, record_of_place(r->paths, effect->place));
    }
}

static void note_given_up(Owning *o, size_t owner, uint32_t function) {
  const PathTable *paths = o->c->r.paths;
  const ReferFacts *facts = o->c->r.facts[function];
  for (uint32_t i = 0; facts && i < facts->count; i++) {
    const ReferEvent *event = &facts->events[i];
    if (event->kind == REFER_DOWN && is_of(o, owner, object_of_place(paths, event->place)))
      note_owned(o, owner, record_of_place(paths, event->place));
    for (uint32_t k = 0; k < event->arg_count; k++)
      if (event->args[k].kind <= MEANS_ADDRESS && is_of(o, owner, event->args[k].path))
        note_handed(o, owner, facts, event, &event->args[k]);
  }
}

static bool comes_back(Owning *o, size_t from, size_t to) {
  bool any = false;
  for (size_t i = 0; i < o->c->all.count && !any; i++) {
    if (!o->gives_up[from * o->c->all.count + i] || o->seen[i])
      continue;
    o->seen[i] = true;
    any = o->c->all.at[i].record == o->c->all.at[to].record || comes_back(o, i, to);
  }
  return any;
}

/* Only those can be in a circle whose destructors give up each other. */
void drop_unowned(CountedRecords *c) {
  size_t count = c->all.count;
  Owning o = {.c = c,
              .gives_up = arena_new_array(c->r.arena, bool, count *count),
              .seen = arena_new_array(c->r.arena, bool, count)};
  for (size_t i = 0; i < c->r.effects.count; i++)
    for (size_t k = 0; k < count; k++)
      if (c->all.at[k].is_counted && is_introduced(c, &c->all.at[k], &c->r.effects.at[i]))
        note_given_up(&o, k, c->r.effects.at[i].function);
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < c->all.at[i].destructors.count && c->all.at[i].is_counted; k++)
      note_given_up(&o, i, c->all.at[i].destructors.at[k].function);
  bool *kept = arena_new_array(c->r.arena, bool, count);
  for (size_t i = 0; i < count; i++) {
    memset(o.seen, 0, count);
    kept[i] = c->all.at[i].is_counted && comes_back(&o, i, i);
  }
  for (size_t i = 0; i < count; i++)
    c->all.at[i].is_counted = kept[i];
}
