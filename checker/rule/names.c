/* names.c - terms as the programmer would write them, for messages. */
#include <string.h>

#include "ir/print.h"
#include "rule/pass.h"

static const char *symbol_text(Pass *pass, TextId symbol) {
  const char *key = text_of(pass->program->symbols, symbol);
  const char *hash = strrchr(key, '#'), *colon = strrchr(key, ':');
  const char *name = colon ? colon + 1 : key;
  if (hash && hash > name && strspn(hash + 1, "0123456789") == strlen(hash + 1))
    return arena_printf(pass->arena, "%.*s", (int)(hash - name), name); // block-scope static
  return name;
}

static const char *field_text(Pass *pass, TextId symbol) {
  const char *key = text_of(pass->program->symbols, engine_field_in_code(pass->engine, symbol));
  const char *dot = strrchr(key, '.');
  return dot ? dot + 1 : key;
}

static const char *result_of(Pass *pass, uint32_t instruction) {
  const Function *f = pass->engine->f;
  if (instruction >= f->instruction_count)
    return "...";
  const Instruction *inst = &f->instructions[instruction];
  if (inst->kind != INST_CALL)
    return "...";
  return arena_printf(pass->arena, "%s(...)", node_text(pass->arena, f, inst->a));
}

static const char *local_text(const Pass *pass, uint32_t local) {
  const Function *f = pass->engine->f;
  if (local >= f->local_count)
    return "...";
  return f->locals[local].name[0] ? f->locals[local].name : "...";
}

/* A variable that holds the value right now reads better than how it was made. */
static const char *holder(Pass *pass, TermId value) {
  const Function *f = pass->engine->f;
  const State *state = pass->engine->observed;
  for (uint32_t slot = 0; state && slot < f->local_count; slot++)
    if (state_value(state, slot) == value && f->locals[slot].name[0])
      return f->locals[slot].name;
  return NULL;
}

static const char *place_text(Pass *pass, TermId id) {
  const Term term = *term_at(pass->engine->terms, id);
  Arena *arena = pass->arena;
  switch ((TermKind)term.kind) {
  case TERM_GLOBAL:
    return symbol_text(pass, term.a);
  case TERM_ABSTRACT:
    return text_of(pass->program->symbols, term.a);
  case TERM_LOCAL:
    return local_text(pass, term.a);
  case TERM_FIELD: {
    const Term base = *term_at(pass->engine->terms, term.a);
    const char *field = field_text(pass, term.b);
    if (base.kind == TERM_DEREF)
      return arena_printf(arena, "%s->%s", term_text(pass, base.a), field);
    return arena_printf(arena, "%s.%s", place_text(pass, term.a), field);
  }
  case TERM_INDEX:
    return arena_printf(arena, "%s[%s]", place_text(pass, term.a), term_text(pass, term.b));
  case TERM_DEREF: {
    const Term base = *term_at(pass->engine->terms, term.a);
    if (base.kind == TERM_SHIFT)
      return arena_printf(arena, "%s[%s]", term_text(pass, base.a), term_text(pass, base.b));
    return arena_printf(arena, "*%s", term_text(pass, term.a));
  }
  default:
    return term_text(pass, id);
  }
}

static const char *operator_text(uint8_t operator) {
  static const char *const texts[OPERATOR_COUNT] = {
      [OPERATOR_ADD] = "+",          [OPERATOR_SUBTRACT] = "-",   [OPERATOR_MULTIPLY] = "*",
      [OPERATOR_DIVIDE] = "/",       [OPERATOR_REMAINDER] = "%",  [OPERATOR_SHIFT_LEFT] = "<<",
      [OPERATOR_SHIFT_RIGHT] = ">>", [OPERATOR_AND] = "&",        [OPERATOR_OR] = "|",
      [OPERATOR_XOR] = "^",          [OPERATOR_EQ] = "==",        [OPERATOR_LT] = "<",
      [OPERATOR_NEGATE] = "-",       [OPERATOR_COMPLEMENT] = "~", [OPERATOR_NOT] = "!"};
  return texts[operator] ? texts[operator] : "?";
}

static const char *operand_text(Pass *pass, TermId id) {
  const char *text = term_text(pass, id);
  bool simple = term_at(pass->engine->terms, id)->kind != TERM_BINARY || !strchr(text, ' ');
  return simple ? text : arena_printf(pass->arena, "(%s)", text);
}

const char *term_text(Pass *pass, TermId id) {
  const Term term = *term_at(pass->engine->terms, id);
  Arena *arena = pass->arena;
  const char *name = holder(pass, id);
  if (name && term.kind != TERM_CONSTANT)
    return name;
  switch ((TermKind)term.kind) {
  case TERM_CONSTANT:
    return arena_printf(arena, "%lld", (long long)term.value);
  case TERM_PARAM:
    return local_text(pass, term.a);
  case TERM_FUNCTION:
    return symbol_text(pass, term.a);
  case TERM_LOAD:
    return place_text(pass, term.a);
  case TERM_ADDRESS:
    return arena_printf(arena, "&%s", place_text(pass, term.a));
  case TERM_UNARY:
    return arena_printf(arena, "%s%s", operator_text(term.operator), term_text(pass, term.a));
  case TERM_BINARY:
    return arena_printf(arena, "%s %s %s", operand_text(pass, term.a), operator_text(term.operator),
                        operand_text(pass, term.b));
  case TERM_SHIFT:
    return arena_printf(arena, "(%s + %s)", term_text(pass, term.a), term_text(pass, term.b));
  case TERM_PURE:
    return arena_printf(arena, "%s(...)", symbol_text(pass, term.a));
  case TERM_FRESH:
    return result_of(pass, term.a);
  case TERM_PHI:
    return local_text(pass, term.b);
  case TERM_ANY:
    return "*";
  default:
    return term_is_place(pass->engine->terms, id) ? place_text(pass, id) : "...";
  }
}

const char *lock_name(Pass *pass, TermId place) {
  const Term *term = term_at(pass->engine->terms, place);
  if (term->kind == TERM_DEREF && term_at(pass->engine->terms, term->a)->kind != TERM_SHIFT)
    return term_text(pass, term->a); // the pointer's name says it: 'lock', not '*lock'
  return place_text(pass, place);
}

/* Which parameter of the model points to what the engine follows, or -1. */
static int64_t followed_parameter(const Summary *model, const LockEntry *lock) {
  for (uint32_t i = 0; i < model->case_count; i++)
    for (uint32_t k = 0; k < model->cases[i].effect_count; k++) {
      const Effect *effect = &model->cases[i].effects[k];
      if (effect->resource != lock->resource || !effect->place)
        continue;
      const Term *place = term_at(model->terms, effect->place);
      const Term *pointer = place->kind == TERM_DEREF ? term_at(model->terms, place->a) : place;
      return pointer->kind == TERM_PARAM ? (int64_t)pointer->a : -1;
    }
  return -1;
}

/* At the call that takes it, the source has the best name: `&account->lock`. */
const char *lock_name_at(Pass *pass, const LockEntry *lock) {
  const Function *f = pass->engine->f;
  uint32_t instruction = lock->acquired != NO_INSTRUCTION ? lock->acquired : lock->since;
  const Instruction *inst = &f->instructions[instruction];
  if (inst->kind != INST_CALL || f->nodes[inst->a].kind != NODE_FUNCTION)
    return lock_name(pass, lock->place);
  const Summary *model =
      engine_primitive(pass->engine, pass->engine->function->symbols[f->nodes[inst->a].a]);
  int64_t parameter = model ? followed_parameter(model, lock) : -1;
  const Node *argument = parameter >= 0 && parameter < inst->arg_count
                             ? &f->nodes[f->args[inst->args + parameter]]
                             : NULL;
  return argument && argument->kind == NODE_ADDRESS ? node_text(pass->arena, f, argument->a)
                                                    : lock_name(pass, lock->place);
}

static bool is_load_of_local(const Term *term, const void *terms) {
  return term->kind == TERM_LOAD && term->b != VERSION_ENTRY &&
         term_at(terms, term->a)->kind == TERM_LOCAL;
}

bool is_filled_in(const Pass *pass, TermId place) {
  return term_any(pass->engine->terms, place, is_load_of_local, pass->engine->terms);
}

const char *lock_class(Pass *pass, TermId place) {
  TextId symbol = engine_class_symbol(engine_class(pass->engine, place));
  return symbol ? text_of(pass->program->symbols, symbol) : "";
}

const char *function_name(const Pass *pass) { return pass->engine->function->declared.name; }
