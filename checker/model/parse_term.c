/* parse_term.c - paths and values of a .model line: `*m`, `o->lock`, `ret->f`, `k == NAME`.
 *
 * A parameter is a value; `->`, `*` and `[]` make places of it, and where a value is wanted a place
 * is read as it was on entry. A dot after a parameter means an arrow: parameters that are structs
 * by value have no locks worth a model.
 */
#include <string.h>

#include "ir/ir.h"
#include "model/parse.h"

enum { DEEPEST = 16 };

static TermId make(Parser *p, TermKind kind, uint32_t a, uint32_t b) {
  return term_make(p->set->terms, kind, 0, a, b, 0);
}

static TermKind kind_of(Parser *p, TermId id) { return (TermKind)term_at(p->set->terms, id)->kind; }

static TermId as_value(Parser *p, TermId id) {
  return id && term_is_place(p->set->terms, id) ? make(p, TERM_LOAD, id, 0) : id;
}

static TermId parse_path_at(Parser *p, unsigned level);

static TermId named_value(Parser *p, const Token *token, TextId name) {
  for (uint32_t i = 0; i < p->parameter_count; i++)
    if (p->parameters[i] == name)
      return make(p, TERM_PARAM, i, 0);
  const char *text = text_of(p->set->symbols, name);
  if (!strcmp(text, "ret"))
    return make(p, TERM_RESULT, 0, 0);
  if (!strcmp(text, "_") || !strcmp(text, "value"))
    return make(p, TERM_ANY, 0, 0);
  uint32_t constant = id_map_get(&p->set->constant_of, name);
  if (constant)
    return term_constant(p->set->terms, p->set->constants.at[constant - 1].value);
  parse_fail(p, token->start, "'%s' is neither a parameter nor a constant", text);
  return 0;
}

static TermId parse_primary(Parser *p, unsigned level) {
  Token token = p->token;
  if (lex_accept(p, "@")) {
    TextId name = lex_name(p, "the name of a lock");
    return p->error ? 0 : make(p, TERM_ABSTRACT, name, 0);
  }
  if (lex_accept(p, "::")) {
    TextId name = lex_name(p, "the name of a global");
    return p->error ? 0 : make(p, TERM_GLOBAL, name, 0);
  }
  if (lex_accept(p, "(")) {
    TermId inner = parse_path_at(p, level + 1);
    lex_expect(p, ")");
    return inner;
  }
  bool negative = lex_accept(p, "-");
  if (p->token.kind == TOKEN_NUMBER) {
    uint64_t number = (uint64_t)p->token.number;
    lex_next(p);
    return term_constant(p->set->terms, (int64_t)(negative ? 0 - number : number));
  }
  if (negative) {
    parse_fail(p, p->token.start, "a number is missing after '-'");
    return 0;
  }
  TextId name = lex_name(p, "a value");
  return p->error ? 0 : named_value(p, &token, name);
}

static TermId parse_postfix(Parser *p, TermId path, unsigned level) {
  for (;;) {
    bool is_place = !p->error && term_is_place(p->set->terms, path);
    if (lex_accept(p, "->")) {
      TextId field = lex_name(p, "a field");
      if (!p->error)
        path = make(p, TERM_FIELD, make(p, TERM_DEREF, as_value(p, path), 0), field);
    } else if (lex_accept(p, ".")) {
      TextId field = lex_name(p, "a field");
      if (!p->error)
        path = make(p, TERM_FIELD, is_place ? path : make(p, TERM_DEREF, path, 0), field);
    } else if (lex_accept(p, "[")) {
      TermId index = as_value(p, parse_path_at(p, level + 1));
      lex_expect(p, "]");
      if (!p->error)
        path = is_place ? make(p, TERM_INDEX, path, index)
                        : make(p, TERM_DEREF, make(p, TERM_SHIFT, path, index), 0);
    } else {
      return p->error ? 0 : path;
    }
    if (!p->error && term_at(p->set->terms, path)->depth > DEEPEST)
      parse_fail(p, p->token.start, "this path is too long");
  }
}

static TermId parse_path_at(Parser *p, unsigned level) {
  const char *start = p->token.start;
  if (level > DEEPEST) {
    parse_fail(p, start, "nested too deeply");
    return 0;
  }
  if (lex_accept(p, "*")) {
    TermId inner = as_value(p, parse_path_at(p, level + 1));
    return p->error ? 0 : make(p, TERM_DEREF, inner, 0);
  }
  if (lex_accept(p, "&")) {
    TermId inner = parse_path_at(p, level + 1);
    if (p->error)
      return 0;
    if (term_is_place(p->set->terms, inner))
      return make(p, TERM_ADDRESS, inner, 0);
    parse_fail(p, start, "'&' needs a place, such as '&p->f'");
    return 0;
  }
  TermId primary = parse_primary(p, level);
  return p->error ? 0 : parse_postfix(p, primary, level);
}

TermId parse_path(Parser *p) { return parse_path_at(p, 0); }

TermId parse_place(Parser *p) {
  const char *start = p->token.start;
  TermId path = parse_path(p);
  if (p->error || term_is_place(p->set->terms, path))
    return path;
  if (kind_of(p, path) == TERM_PARAM)
    parse_fail(p, start, "a place is needed here: '*%s'?",
               text_of(p->set->symbols, p->parameters[term_at(p->set->terms, path)->a]));
  else
    parse_fail(p, start, "a place is needed here, such as '*m' or 'p->lock'");
  return 0;
}

static bool fold(Parser *p, uint8_t operator, TermId a, TermId b, int64_t *value) {
  const Term *x = term_at(p->set->terms, a), *y = term_at(p->set->terms, b);
  return x->kind == TERM_CONSTANT && y->kind == TERM_CONSTANT &&
         operator_fold(operator, x->value, y->value, value);
}

/* Left to right, without precedence: conditions of models have one operator, rarely two. */
TermId parse_value(Parser *p) {
  static const struct {
    const char *text;
    uint8_t operator;
  } operators[] = {{"&", OPERATOR_AND},
                   {"|", OPERATOR_OR},
                   {"+", OPERATOR_ADD},
                   {"-", OPERATOR_SUBTRACT},
                   {"<<", OPERATOR_SHIFT_LEFT}};
  TermId value = as_value(p, parse_path(p));
  for (unsigned n = 0; !p->error; n++) {
    uint8_t operator= OPERATOR_NONE;
    for (size_t i = 0; i < sizeof operators / sizeof *operators && !operator; i++)
      if (lex_accept(p, operators[i].text))
        operator= operators[i].operator;
    if (!operator)
      return value;
    if (n > DEEPEST) {
      parse_fail(p, p->token.start, "nested too deeply");
      break;
    }
    TermId right = as_value(p, parse_path(p));
    int64_t constant;
    if (p->error)
      break;
    value = fold(p, operator, value, right, &constant)
                ? term_constant(p->set->terms, constant)
                : term_make(p->set->terms, TERM_BINARY, operator, value, right, 0);
  }
  return 0;
}

int64_t parse_constant(Parser *p) {
  const char *start = p->token.start;
  TermId value = parse_value(p);
  if (p->error)
    return 0;
  const Term *term = term_at(p->set->terms, value);
  if (term->kind != TERM_CONSTANT)
    parse_fail(p, start, "a constant is needed here");
  return term->value;
}

static TermId compare(Parser *p, uint8_t operator, TermId left, TermId right) {
  if (operator== OPERATOR_EQ && kind_of(p, left) == TERM_CONSTANT)
    return term_make(p->set->terms, TERM_BINARY, operator, right, left, 0);
  return term_make(p->set->terms, TERM_BINARY, operator, left, right, 0);
}

TermId parse_boolean(Parser *p, bool *is_true) {
  bool inverted = lex_accept(p, "!");
  TermId left = parse_value(p), right = 0;
  *is_true = !inverted;
  static const char *const signs[] = {"==", "!=", "<", "<=", ">", ">=", NULL};
  size_t sign = 0;
  while (signs[sign] && !lex_is(p, signs[sign]))
    sign++;
  if (signs[sign]) {
    if (inverted)
      parse_fail(p, p->token.start, "'!' and a comparison: write the opposite comparison");
    lex_next(p);
    right = parse_value(p);
  }
  if (p->error)
    return 0;
  switch (sign) {
  case 0:
    return compare(p, OPERATOR_EQ, left, right);
  case 1:
    *is_true = false;
    return compare(p, OPERATOR_EQ, left, right);
  case 2:
    return compare(p, OPERATOR_LT, left, right);
  case 3:
    *is_true = false;
    return compare(p, OPERATOR_LT, right, left);
  case 4:
    return compare(p, OPERATOR_LT, right, left);
  case 5:
    *is_true = false;
    return compare(p, OPERATOR_LT, left, right);
  default: // `a` is a != 0
    *is_true = inverted;
    return compare(p, OPERATOR_EQ, left, term_constant(p->set->terms, 0));
  }
}

/* The function may be a parameter, a field, or any name: then it is that function. */
static TermId parse_callee(Parser *p) {
  Token token = p->token;
  if (token.kind == TOKEN_NAME) {
    TextId name = text_intern_n(p->set->symbols, token.start, token.length);
    bool known = id_map_get(&p->set->constant_of, name) != 0;
    for (uint32_t i = 0; i < p->parameter_count; i++)
      known |= p->parameters[i] == name;
    if (!known && strcmp(text_of(p->set->symbols, name), "ret") != 0) {
      lex_next(p);
      return make(p, TERM_FUNCTION, name, 0);
    }
  }
  return as_value(p, parse_path(p));
}

TermId parse_call(Parser *p, TermId *arguments) {
  TermId callee = parse_callee(p), values[MODEL_PARAMETERS];
  uint32_t count = 0;
  lex_expect(p, "(");
  while (!p->error && !lex_is(p, ")")) {
    if (count == MODEL_PARAMETERS)
      parse_fail(p, p->token.start, "more than %d arguments", MODEL_PARAMETERS);
    else
      values[count++] = parse_value(p);
    if (!lex_accept(p, ","))
      break;
  }
  lex_expect(p, ")");
  *arguments = 0;
  for (uint32_t i = count; i-- > 0 && !p->error;)
    *arguments = make(p, TERM_LIST, values[i], *arguments);
  return callee;
}

bool term_mentions_result(const TermTable *terms, TermId id) {
  const Term *term = term_at(terms, id);
  if (term->kind == TERM_RESULT)
    return true;
  TermId children[2];
  uint32_t count = term_children(term, children);
  for (uint32_t i = 0; i < count; i++)
    if (term_mentions_result(terms, children[i]))
      return true;
  return false;
}
