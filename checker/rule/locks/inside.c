/* inside.c - the step inside a callee: which instruction of it took a lock or gave it back.
 *
 * A summary says what a call does and not where, so that moving code changes no caller. Where is
 * noted beside it, as far as the lock has a class that caller and callee share: the inside of a
 * plain wrapper (`take(pthread_mutex_t *)`) would tell the reader nothing. Of an array's locks it
 * is the number that says which one. A finding is kept with the name of the callee only
 * (STEP_CALL); the steps are looked up in every run. */
#include <string.h>

#include "base/guard.h"
#include "rule/pass.h"

enum { NESTED_CALLS = 4 };

const char *called_function(const Pass *pass, uint32_t instruction) {
  const Engine *e = pass->engine;
  const Node *callee = &e->f->nodes[e->f->instructions[instruction].a];
  if (e->f->instructions[instruction].kind != INST_CALL || callee->kind != NODE_FUNCTION ||
      is_direct(pass, instruction))
    return NULL;
  Targets targets = program_resolve(pass->program, e->function, e->function->symbols[callee->a]);
  return targets.count == 1 ? pass->program->functions[targets.ids[0]].declared.key : NULL;
}

static bool same_inside(const Inside *inside, const char *function, const char *class_key,
                        bool releases) {
  return inside->releases == releases && !strcmp(inside->at.function, function) &&
         !strcmp(inside->class_key, class_key);
}

/* The class, and of locks that are elements of arrays, the number: "struct slot.lock@3". */
static const char *inside_key(Pass *pass, TermId place) {
  const char *class_key = lock_class(pass, place);
  const TermTable *terms = pass->engine->terms;
  TermId children[2] = {place};
  while (*class_key && children[0] && guard_on("inside-elements")) {
    const Term *term = term_at(terms, children[0]);
    bool is_element = term->kind == TERM_SHIFT || term->kind == TERM_INDEX;
    if (is_element && term_at(terms, term->b)->kind == TERM_CONSTANT)
      return arena_printf(pass->arena, "%s@%lld", class_key,
                          (long long)term_at(terms, term->b)->value);
    if (!term_children(term, children))
      break;
  }
  return class_key;
}

static void remember(Pass *pass, TermId place, uint32_t instruction, bool releases) {
  const char *class_key = inside_key(pass, place);
  if (!*class_key)
    return;
  Position at = instruction_position(pass, instruction);
  for (size_t i = pass->before.insides; i < pass->insides.count; i++)
    if (same_inside(&pass->insides.at[i], at.function, class_key, releases))
      return;
  array_push(&pass->insides,
             (Inside){.class_key = class_key,
                      .releases = releases,
                      .at = at,
                      .text = how(pass, instruction, releases ? "released" : "acquired"),
                      .callee = called_function(pass, instruction)});
}

void remember_insides(Pass *pass, const Exit *exits, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t k = 0; k < exits[i].state->lock_count; k++) {
      const LockEntry *lock = &exits[i].state->locks[k];
      if (lock->pre == LOCK_HELD && lock->now == LOCK_RELEASED)
        remember(pass, lock->place, lock->since, true);
      else if (lock->pre == LOCK_RELEASED && lock->now != LOCK_MAYBE)
        remember(pass, lock->place, lock->acquired != NO_INSTRUCTION ? lock->acquired : lock->since,
                 false);
    }
}

void note_lock(Pass *pass, Finding *finding, StepKind kind, const LockEvent *event) {
  note_instruction(pass, finding, kind, event->instruction, "%s",
                   how(pass, event->instruction, event->verb));
  const char *callee = called_function(pass, event->instruction);
  if (callee)
    append_step(pass, finding,
                (Step){.kind = STEP_CALL,
                       .at = {.function = callee},
                       .text = inside_key(pass, event->place),
                       .if_true = event->releases});
}

/* That lock; or one of its class of which the function does not say the number. */
static const Inside *find_inside(const Pass *pass, const char *function, const char *key,
                                 bool releases) {
  const char *number = strrchr(key, '@');
  const char *class_key = number ? arena_text_n(pass->arena, key, (size_t)(number - key)) : key;
  const Inside *found = NULL;
  for (size_t i = 0; i < pass->insides.count; i++)
    if (same_inside(&pass->insides.at[i], function, key, releases))
      return &pass->insides.at[i];
    else if (same_inside(&pass->insides.at[i], function, class_key, releases))
      found = &pass->insides.at[i];
  return found;
}

void tell_insides(Pass *pass, Finding *finding) {
  const Step *steps = finding->steps;
  uint32_t count = finding->step_count;
  finding->steps = arena_new_array(pass->arena, Step, count * NESTED_CALLS);
  finding->step_count = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (steps[i].kind != STEP_CALL) {
      finding->steps[finding->step_count++] = steps[i];
      continue;
    }
    const char *callee = steps[i].at.function;
    for (int depth = 0; callee && depth < NESTED_CALLS; depth++) {
      const Inside *inside = find_inside(pass, callee, steps[i].text, steps[i].if_true);
      if (inside)
        finding->steps[finding->step_count++] =
            (Step){.kind = STEP_EVENT, .at = inside->at, .text = inside->text};
      callee = inside ? inside->callee : NULL;
    }
  }
}

/* ---- kept with what was judged of a function */

void inside_write(const Pass *pass, ByteWriter *out, const Inside *inside) {
  (void)pass;
  bytes_put_text(out, inside->class_key);
  bytes_put_u8(out, inside->releases);
  bytes_put_u(out, inside->at.index);
  bytes_put_text(out, inside->text);
  bytes_put_text(out, inside->callee ? inside->callee : "");
}

Inside inside_read(const Pass *pass, const ProgramFunction *function, ByteReader *in) {
  Inside inside = {.class_key = bytes_get_text(in, pass->arena)};
  inside.releases = bytes_get_u8(in);
  inside.at = (Position){.function = function->declared.key,
                         .body = function->declared.body_hash,
                         .index = bytes_get_u32(in)};
  inside.text = bytes_get_text(in, pass->arena);
  inside.callee = bytes_get_text(in, pass->arena);
  if (!*inside.callee)
    inside.callee = NULL;
  return inside;
}
