/* library.c - see library.h. */
#include "growth/library.h"

#include "base/guard.h"
#include "ir/parts.h"

enum { DEPTH = 4 }; // of the places that models name

static int kind_of(const Effect *effect) {
  switch ((Action)effect->action) {
  case ACTION_GROW:
    return TOUCH_GROWS;
  case ACTION_SHRINK:
    return TOUCH_SHRINKS;
  case ACTION_RESET:
    return TOUCH_RESETS;
  case ACTION_CLOSE:
    return effect->resource == RESOURCE_MEMORY ? TOUCH_FREES : -1;
  default:
    return -1;
  }
}

/* Conditions over arguments that are constants here. */
static bool can_hold(const LibraryCall *x, const TermTable *terms, const Condition *condition) {
  const Term *test = term_at(terms, condition->value);
  if (test->kind != TERM_BINARY || test->operator!= OPERATOR_EQ)
    return true;
  const Term *left = term_at(terms, test->a), *right = term_at(terms, test->b);
  if (left->kind != TERM_PARAM || right->kind != TERM_CONSTANT || left->a >= x->inst->arg_count)
    return true;
  const Node *arg = &x->f->nodes[x->f->args[x->inst->args + left->a]];
  if (arg->kind != NODE_CONSTANT)
    return true;
  return (x->f->constants[arg->a].value == right->value) == condition->is_true;
}

/* Many of them, and not one record. */
static bool is_array(const LibraryCall *x, uint32_t number) {
  if (number >= x->inst->arg_count)
    return false;
  const Node *arg = &x->f->nodes[without_casts(x->f, x->f->args[x->inst->args + number])];
  const Type *type = &x->f->types[arg->type];
  return type->kind == TYPE_POINTER && x->f->types[type->element].kind != TYPE_RECORD;
}

static PathId path_of(const LibraryCall *x, const TermTable *terms, TermId place, uint32_t depth) {
  const Term *term = term_at(terms, place);
  if (!depth)
    return 0;
  if (term->kind == TERM_DEREF)
    return path_of(x, terms, term->a, depth - 1);
  const Term *base = term->kind == TERM_SHIFT ? term_at(terms, term->a) : term;
  if (base != term && base->kind == TERM_PARAM && is_array(x, base->a))
    term = base;                // to[n]: its elements
  if (term->kind != TERM_PARAM) // Imprecise: containers in fields of what a library is given
    return 0;
  for (uint32_t i = 0; i < x->call->arg_count; i++)
    if (x->call->args[i].number == term->a) {
      Meaning meaning = {.kind = x->call->args[i].kind, .path = x->call->args[i].path};
      return meaning_target(x->paths, &meaning);
    }
  return 0;
}

/* Which member of the element is the library's node. */
static void name_node(const LibraryCall *x, const TermTable *terms, const Effect *effect,
                      Touch *touch) {
  bool is_named = effect->other && guard_on("growth-nodes");
  PathId node = is_named ? path_of(x, terms, effect->other, DEPTH) : 0;
  if (!node)
    return;
  touch->other = path_element(x->paths, node); // the links in it
  touch->flags |= touch->kind == TOUCH_SHRINKS ? TOUCH_OF_ELEMENT : 0;
}

Touches library_touches(const LibraryCall *x, const Summary *model) {
  enum { LIMIT = 8 };
  Touches touches = {arena_new_array(x->arena, Touch, LIMIT), 0};
  for (uint32_t c = 0; c < model->case_count; c++) {
    const Case *one = &model->cases[c];
    bool holds = true;
    for (uint32_t i = 0; i < one->condition_count; i++)
      holds &= can_hold(x, model->terms, &one->conditions[i]);
    for (uint32_t i = 0; i < one->effect_count && holds && touches.count < LIMIT; i++) {
      int kind = kind_of(&one->effects[i]);
      PathId path = kind < 0 ? 0 : path_of(x, model->terms, one->effects[i].place, DEPTH);
      if (!path)
        continue;
      Touch touch = {.kind = (uint8_t)kind,
                     .flags = TOUCH_BY_LIBRARY,
                     .path = kind == TOUCH_FREES ? path : path_container(x->paths, path)};
      name_node(x, model->terms, &one->effects[i], &touch);
      bool known = false;
      for (uint32_t k = 0; k < touches.count; k++)
        known |= touches.at[k].kind == touch.kind && touches.at[k].path == touch.path;
      if (!known)
        touches.at[touches.count++] = touch;
    }
  }
  return touches;
}
