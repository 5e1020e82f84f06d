/* effect_print.c - terms and summaries as people read them: for `overstay dump summary`,
 * `overstay models`, and tests. Nothing parses this form. */
#include "base/array.h"
#include "ir/ir.h"
#include "model/effect.h"

typedef struct {
  FILE *out;
  const TermTable *terms;
  const TextPool *symbols;
  const ParameterNames *names;
} Printer;

enum { DEEPEST = 40 };

static void print_term(const Printer *, TermId, unsigned level);

static const char *const operator_texts[OPERATOR_COUNT] = {
    [OPERATOR_NEGATE] = "-",       [OPERATOR_COMPLEMENT] = "~", [OPERATOR_NOT] = "!",
    [OPERATOR_ADD] = "+",          [OPERATOR_SUBTRACT] = "-",   [OPERATOR_MULTIPLY] = "*",
    [OPERATOR_DIVIDE] = "/",       [OPERATOR_REMAINDER] = "%",  [OPERATOR_SHIFT_LEFT] = "<<",
    [OPERATOR_SHIFT_RIGHT] = ">>", [OPERATOR_AND] = "&",        [OPERATOR_OR] = "|",
    [OPERATOR_XOR] = "^",          [OPERATOR_EQ] = "==",        [OPERATOR_NE] = "!=",
    [OPERATOR_LT] = "<",           [OPERATOR_LE] = "<=",        [OPERATOR_GT] = ">",
    [OPERATOR_GE] = ">=",
};

static const char *operator_text(uint8_t operator) {
  return operator<OPERATOR_COUNT && operator_texts[operator] ? operator_texts[operator] : "?";
}

/* The part of a symbol key that a programmer wrote. */
static const char *plain_name(const char *key) {
  const char *name = key;
  for (const char *c = key; *c; c++)
    if (*c == '.' || *c == ':')
      name = c + 1;
  return *name ? name : key;
}

static void print_parameter(const Printer *p, uint32_t number) {
  if (p->names && number < p->names->count && p->names->at[number][0])
    fputs(p->names->at[number], p->out);
  else
    fprintf(p->out, "$%u", number);
}

static void print_list(const Printer *p, TermId list, unsigned level) {
  for (bool first = true; list; first = false) {
    const Term *term = term_at(p->terms, list);
    if (term->kind != TERM_LIST || level > DEEPEST)
      break;
    fputs(first ? "" : ", ", p->out);
    print_term(p, term->a, level + 1);
    list = term->b;
  }
}

/* FIELD: `p->f` when it is a field of what a pointer points to, else `place.f`. */
static void print_field(const Printer *p, const Term *term, unsigned level) {
  const Term *base = term_at(p->terms, term->a);
  if (base->kind == TERM_DEREF)
    print_term(p, base->a, level + 1);
  else
    print_term(p, term->a, level + 1);
  fprintf(p->out, "%s%s", base->kind == TERM_DEREF ? "->" : ".",
          plain_name(text_of(p->symbols, term->b)));
}

static void print_deref(const Printer *p, const Term *term, unsigned level) {
  const Term *pointer = term_at(p->terms, term->a);
  if (pointer->kind == TERM_SHIFT) {
    print_term(p, pointer->a, level + 1);
    fputc('[', p->out);
    print_term(p, pointer->b, level + 1);
    fputc(']', p->out);
    return;
  }
  fputc('*', p->out);
  print_term(p, term->a, level + 1);
}

static void print_operands(const Printer *p, TermId a, const char *between, TermId b,
                           unsigned level) {
  bool nested = level > 0;
  fputs(nested ? "(" : "", p->out);
  print_term(p, a, level + 1);
  fputs(between, p->out);
  print_term(p, b, level + 1);
  fputs(nested ? ")" : "", p->out);
}

static void print_call(const Printer *p, const Term *term, unsigned level) {
  fprintf(p->out, "%s(", plain_name(text_of(p->symbols, term->a)));
  print_list(p, term->b, level);
  fputc(')', p->out);
}

/* Terms that only the engine knows: for its own traces. */
static void print_internal(const Printer *p, const Term *term, unsigned level) {
  switch ((TermKind)term->kind) {
  case TERM_LOCAL:
    fprintf(p->out, "local%u", term->a);
    break;
  case TERM_FRESH:
    fprintf(p->out, "fresh%u.%u", term->a, term->b);
    break;
  case TERM_PHI:
    fprintf(p->out, "phi%u.%u", term->a, term->b);
    break;
  default:
    fputs("stale ", p->out);
    print_term(p, term->a, level + 1);
  }
}

static void print_compound(const Printer *p, const Term *term, unsigned level) {
  char between[8];
  switch ((TermKind)term->kind) {
  case TERM_ADDRESS:
    fputc('&', p->out);
    print_term(p, term->a, level + 1);
    break;
  case TERM_UNARY:
    fputs(operator_text(term->operator), p->out);
    print_term(p, term->a, level + 1);
    break;
  case TERM_BINARY:
    snprintf(between, sizeof between, " %s ", operator_text(term->operator));
    print_operands(p, term->a, between, term->b, level);
    break;
  case TERM_CAST:
    fprintf(
        p->out, "(%s%llu)", term->value < 0 ? "i" : "u",
        (unsigned long long)(term->value < 0 ? 0 - (uint64_t)term->value : (uint64_t)term->value));
    print_term(p, term->a, level + 1);
    break;
  case TERM_SHIFT:
    print_operands(p, term->a, " + ", term->b, level + 1);
    break;
  case TERM_PURE:
    print_call(p, term, level);
    break;
  case TERM_LIST:
    print_list(p, (TermId)(term - term_at(p->terms, 0)), level);
    break;
  case TERM_FIELD:
    print_field(p, term, level);
    break;
  case TERM_INDEX:
    print_term(p, term->a, level + 1);
    fputc('[', p->out);
    print_term(p, term->b, level + 1);
    fputc(']', p->out);
    break;
  default:
    print_internal(p, term, level);
  }
}

static void print_term(const Printer *p, TermId id, unsigned level) {
  const Term *term = term_at(p->terms, id);
  if (level > DEEPEST) {
    fputs("...", p->out);
    return;
  }
  switch ((TermKind)term->kind) {
  case TERM_NONE:
    fputc('-', p->out);
    break;
  case TERM_CONSTANT:
    fprintf(p->out, "%lld", (long long)term->value);
    break;
  case TERM_PARAM:
    print_parameter(p, term->a);
    break;
  case TERM_RESULT:
    fputs("ret", p->out);
    break;
  case TERM_FUNCTION:
  case TERM_GLOBAL:
    fputs(plain_name(text_of(p->symbols, term->a)), p->out);
    break;
  case TERM_STRING:
    fprintf(p->out, "\"%s\"", text_of(p->symbols, term->a));
    break;
  case TERM_ABSTRACT:
    fprintf(p->out, "@%s", text_of(p->symbols, term->a));
    break;
  case TERM_ANY:
    fputc('_', p->out);
    break;
  case TERM_LOAD: // a value: what the place holds; written like the place, as in C
    print_term(p, term->a, level + 1);
    break;
  case TERM_DEREF:
    print_deref(p, term, level);
    break;
  default:
    print_compound(p, term, level);
  }
}

void term_print(FILE *out, const TermTable *terms, const TextPool *symbols, TermId id,
                const ParameterNames *names) {
  print_term(&(Printer){out, terms, symbols, names}, id, 0);
}

/* ---- summaries */

/* By operator, as it is and as it is read from right to left. */
static const struct {
  const char *text, *mirrored;
  Operator opposite;
} comparisons[OPERATOR_COUNT] = {
    [OPERATOR_EQ] = {" == ", " == ", OPERATOR_NE}, [OPERATOR_NE] = {" != ", " != ", OPERATOR_EQ},
    [OPERATOR_LT] = {" < ", " > ", OPERATOR_GE},   [OPERATOR_LE] = {" <= ", " >= ", OPERATOR_GT},
    [OPERATOR_GT] = {" > ", " < ", OPERATOR_LE},   [OPERATOR_GE] = {" >= ", " <= ", OPERATOR_LT},
};

/* Comparisons with a constant have it on the right, as one writes them. */
static void print_condition(const Printer *p, const Condition *condition) {
  const Term *term = term_at(p->terms, condition->value);
  if (term->kind == TERM_BINARY && comparisons[term->operator].text) {
    Operator operator= condition->is_true ? (Operator)term->operator
        : comparisons[term->operator].opposite;
    if (term_at(p->terms, term->a)->kind == TERM_CONSTANT)
      print_operands(p, term->b, comparisons[operator].mirrored, term->a, 0);
    else
      print_operands(p, term->a, comparisons[operator].text, term->b, 0);
    return;
  }
  if (!condition->is_true)
    fputc('!', p->out);
  print_term(p, condition->value, condition->is_true ? 0 : 1);
}

void condition_print(FILE *out, const TermTable *terms, const TextPool *symbols,
                     const Condition *condition, const ParameterNames *names) {
  print_condition(&(Printer){out, terms, symbols, names}, condition);
}

static const char *const action_texts[ACTION_COUNT] = {
    [ACTION_ACQUIRE] = "R->H",
    [ACTION_RELEASE] = "H->R",
    [ACTION_REQUIRE] = "H->H",
    [ACTION_USE] = "R->R",
    [ACTION_INIT] = "init",
    [ACTION_DESTROY] = "destroy",
    [ACTION_RELEASE_ALL] = "release-all",
    [ACTION_WAIT] = "waits",
    [ACTION_OPEN] = "open",
    [ACTION_CLOSE] = "close",
    [ACTION_TAKE] = "takes",
    [ACTION_KEEP] = "stores",
    [ACTION_SPAWN] = "spawn",
    [ACTION_JOIN] = "join",
    [ACTION_DETACH] = "detach",
    [ACTION_BLOCK] = "blocks",
    [ACTION_CALL] = "calls",
    [ACTION_GROW] = "grows",
    [ACTION_SHRINK] = "shrinks",
    [ACTION_RESET] = "resets",
    [ACTION_BOUND] = "bounded",
    [ACTION_SET] = "set",
    [ACTION_STACK] = "stack",
    [ACTION_MAYBE] = "maybe",
    [ACTION_DEPTH_GUARD] = "depth-guard",
    [ACTION_CANCEL] = "cancels",
    [ACTION_FETCH] = "fetches",
    [ACTION_COUNT_UP] = "counts-up",
    [ACTION_EXPECT] = "expects",
    [ACTION_COUNT_DOWN] = "counts-down",
    [ACTION_SHIELD] = "shields",
    [ACTION_UNSHIELD] = "unshields",
    [ACTION_SIGNAL] = "signals",
    [ACTION_LIVE] = "lives",
};

static void print_part(const Printer *p, const char *before, TermId id) {
  if (!id)
    return;
  fputs(before, p->out);
  print_term(p, id, 0);
}

static void print_arguments(const Printer *p, TermId arguments) {
  fputc('(', p->out);
  if (arguments && term_at(p->terms, arguments)->kind == TERM_LIST)
    print_list(p, arguments, 0);
  else if (arguments)
    print_term(p, arguments, 0);
  fputc(')', p->out);
}

static void print_operands_of_effect(const Printer *p, const Effect *effect) {
  switch ((Action)effect->action) {
  case ACTION_SPAWN:
    print_part(p, " ", effect->other);
    print_arguments(p, effect->third);
    print_part(p, " as ", effect->place);
    break;
  case ACTION_CALL:
    print_part(p, " ", effect->place);
    print_arguments(p, effect->other);
    break;
  case ACTION_KEEP:
  case ACTION_LIVE:
    print_part(p, " ", effect->place);
    print_part(p, " in ", effect->other);
    break;
  case ACTION_FETCH:
    print_part(p, " ", effect->place);
    print_part(p, " from ", effect->other);
    break;
  case ACTION_SET:
    print_part(p, " ", effect->place);
    print_part(p, " = ", effect->other);
    break;
  case ACTION_OPEN:
    print_part(p, " ", effect->place);
    print_part(p, " unless ", effect->other);
    break;
  case ACTION_SHRINK:
    print_part(p, effect->other ? " by " : " ", effect->place);
    break;
  case ACTION_GROW:
  case ACTION_BOUND:
    print_part(p, " ", effect->place);
    print_part(p, " by ", effect->other);
    break;
  default:
    print_part(p, " ", effect->place);
    print_part(p, " with ", effect->other);
  }
  print_part(p, " with ", effect->with);
}

static void print_effect(const Printer *p, const Effect *effect) {
  const char *action = effect->action < ACTION_COUNT ? action_texts[effect->action] : NULL;
  fputs(action ? action : "?", p->out);
  print_operands_of_effect(p, effect);
  const char *text = effect->resource == RESOURCE_THREAD ? "" : text_of(p->symbols, effect->text);
  const char *attribute = text_of(p->symbols, effect->attribute);
  bool opens = effect->action == ACTION_OPEN;
  uint8_t flags = effect->resource == RESOURCE_KEY || opens ? 0 : effect->flags;
  const char *words[] = {text,
                         attribute,
                         flags & LOCK_READ ? "read" : "",
                         flags & LOCK_RECURSIVE ? "recursive" : "",
                         flags & LOCK_COUNTING ? "counting" : "",
                         flags & LOCK_TRY ? "try" : "",
                         flags & LOCK_DROPS ? "drops" : "",
                         effect->resource == RESOURCE_KEY && effect->flags ? "destructor" : "",
                         opens && effect->resource == RESOURCE_MEMORY && effect->flags ? "zeroed"
                                                                                       : ""};
  const char *before = " (";
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (!words[i][0])
      continue;
    fprintf(p->out, "%s%s", before, words[i]);
    before = ", ";
  }
  fputs(*before == ',' ? ")" : "", p->out);
}

static void print_outcome(const Printer *p, const Case *c, const char **separator) {
  bool bounded = c->low != INT64_MIN || c->high != INT64_MAX;
  bool tells = false; // a condition on the result says the same
  for (uint32_t i = 0; i < c->condition_count; i++) {
    const Term *term = term_at(p->terms, c->conditions[i].value);
    tells |= term->kind == TERM_BINARY && (term_at(p->terms, term->a)->kind == TERM_RESULT ||
                                           term_at(p->terms, term->b)->kind == TERM_RESULT);
  }
  if (c->no_return) {
    fprintf(p->out, "%snoreturn", *separator);
  } else if (c->result) {
    fprintf(p->out, "%sreturns ", *separator);
    print_term(p, c->result, 0);
  } else if (!tells && (bounded || c->no_zero)) {
    fprintf(p->out, "%sreturns", *separator);
    if (bounded)
      fprintf(p->out, " %lld..%lld", (long long)c->low, (long long)c->high);
    fputs(c->no_zero ? " nonzero" : "", p->out);
  } else {
    return;
  }
  *separator = ", ";
}

static void print_fate(const Printer *p, const char *what, uint32_t parameters) {
  if (!parameters)
    return;
  fprintf(p->out, "    %s", what);
  for (uint32_t i = 0; i < 32; i++)
    if (parameters >> i & 1) {
      fputc(' ', p->out);
      print_parameter(p, i);
    }
  fputc('\n', p->out);
}

/* What becomes of what it is given, besides what the effects say. */
static void print_fates(const Printer *p, const Fates *fates) {
  print_fate(p, "keeps", fates->keeps);
  print_fate(p, "closes", fates->closes);
  print_fate(p, "returns", fates->returns);
  print_fate(p, "copies from", fates->copies);
  print_fate(p, "disturbs", fates->disturbs);
  print_fate(p, "takes from", fates->takes);
  print_fate(p, "shows", fates->shows);
  print_fate(p, "stores", fates->stores);
  print_fate(p, "only in", fates->into);
}

static void print_case(const Printer *p, const Case *c, bool is_model) {
  fputs("  case", p->out);
  for (uint32_t i = 0; i < c->condition_count; i++) {
    fputs(i ? ", " : " ", p->out);
    print_condition(p, &c->conditions[i]);
  }
  const char *separator = "";
  fputs(" : ", p->out);
  for (uint32_t i = 0; i < c->effect_count; i++) {
    fputs(separator, p->out);
    print_effect(p, &c->effects[i]);
    separator = ", ";
  }
  print_outcome(p, c, &separator);
  fputs(*separator ? "\n" : "-\n", p->out);
  if (!is_model)
    print_fates(p, &c->fates);
}

static void print_classes(const Printer *p, const char *head, const TextId *ids, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    fprintf(p->out, "%s%s", i ? ", " : head, text_of(p->symbols, ids[i]));
  if (count)
    fputc('\n', p->out);
}

void summary_print(FILE *out, const Summary *s, const TextPool *symbols,
                   const ParameterNames *names) {
  static const struct {
    uint32_t flag;
    const char *text;
  } words[] = {
      {SUMMARY_DEGRADED, "degraded"},
      {SUMMARY_PURE, "pure"},
      {SUMMARY_UNKNOWN, "unknown"},
      {SUMMARY_RETURNS_TWICE, "returns-twice"},
      {SUMMARY_JUMPS, "longjmp"},
      {SUMMARY_ENDS_THREAD, "ends-thread"},
      {SUMMARY_ERROR_NUMBER, "error-number"},
      {SUMMARY_CANCEL_POINT, "cancel-point"},
      {SUMMARY_NEW_MEMORY, "new-memory"},
      {SUMMARY_RECEIVES, "receives"},
  };
  Printer p = {out, s->terms, symbols, names};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (s->flags & words[i].flag)
      fprintf(out, "  %s\n", words[i].text);
  for (uint32_t i = 0; i < s->case_count; i++)
    print_case(&p, &s->cases[i], s->flags & SUMMARY_MODEL);
  print_classes(&p, "  writes ", s->writes, s->write_count);
  print_classes(&p, "  reads ", s->reads, s->read_count);
}
