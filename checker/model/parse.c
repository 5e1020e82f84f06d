/* parse.c - the lines of a .model file: headers, types, constants, and functions. */
#include <string.h>

#include "model/parse.h"

static TextId intern(Parser *p, const char *text) { return text_intern(p->set->symbols, text); }

/* The name stands first in the file that a later one overrides; twice in one file is a slip. */
static void add_entry(Parser *p, const char *at, TextId name, const Summary *summary) {
  if (p->error)
    return;
  ModelSet *set = p->set;
  uint32_t old = id_map_get(&set->entry_of, name);
  ModelEntry entry = {name,      summary, arena_printf(set->arena, "%s:%u", p->file, p->line),
                      p->source, p->line, p->fallback};
  if (!old) {
    array_push(&set->entries, entry);
    id_map_put(&set->entry_of, name, (uint32_t)set->entries.count);
  } else if (set->entries.at[old - 1].source == p->source) {
    parse_fail(p, at, "'%s' has a line already: %u", text_of(set->symbols, name),
               set->entries.at[old - 1].line);
  } else {
    set->entries.at[old - 1] = entry;
  }
}

static void parse_one_parameter(Parser *p) {
  Token token = p->token;
  TextId name = lex_name(p, "the name of a parameter");
  if (p->error)
    return;
  if (name == intern(p, "ret")) {
    parse_fail(p, token.start, "'ret' is the result, not a parameter");
    return;
  }
  bool unnamed = name == intern(p, "_");
  for (uint32_t i = 0; i < p->parameter_count && !unnamed; i++)
    if (p->parameters[i] == name)
      parse_fail(p, token.start, "two parameters '%s'", text_of(p->set->symbols, name));
  if (p->parameter_count == MODEL_PARAMETERS)
    parse_fail(p, token.start, "more than %d parameters", MODEL_PARAMETERS);
  else
    p->parameters[p->parameter_count++] = unnamed ? 0 : name;
}

/* `(a, _, b)`, `()`, `(a, ...)`. A type in braces after a name is for the reader. */
static void parse_parameters(Parser *p) {
  p->parameter_count = 0;
  lex_expect(p, "(");
  while (!p->error && !lex_is(p, ")")) {
    if (lex_accept(p, "..."))
      break;
    parse_one_parameter(p);
    if (lex_accept(p, "{")) {
      while (p->token.kind != TOKEN_END && !lex_is(p, "}"))
        lex_next(p);
      lex_expect(p, "}");
    }
    if (!lex_accept(p, ","))
      break;
  }
  lex_expect(p, ")");
}

const Summary *parse_function(Parser *p, uint32_t flags) {
  parse_parameters(p);
  lex_expect(p, ":");
  if (p->error)
    return NULL;
  EffectLine line;
  parse_effects(p, &line);
  line.flags |= flags;
  return p->error ? NULL : expand_cases(p, &line);
}

static void parse_body(Parser *p, const char *at, TextId name) {
  const Summary *summary = parse_function(p, 0);
  if (!p->error)
    add_entry(p, at, name, summary);
}

/* `struct TAG.FIELD(args) : effects` */
static void parse_struct(Parser *p) {
  const char *at = p->token.start;
  TextId tag = lex_name(p, "the tag of a struct");
  lex_expect(p, ".");
  TextId field = lex_name(p, "a field");
  if (p->error)
    return;
  const TextPool *symbols = p->set->symbols;
  const char *name =
      arena_printf(p->set->arena, "struct %s.%s", text_of(symbols, tag), text_of(symbols, field));
  parse_body(p, at, intern(p, name));
}

/* `macro NAME(args) : effects`, `macro NAME(T) cleanup FUNCTION`. Kept under "macro NAME"; a
 * cleanup is a call of that function at the end of the scope. */
static void parse_macro(Parser *p) {
  Token token = p->token;
  TextId name = lex_name(p, "the name of a macro");
  if (p->error)
    return;
  const char *key = arena_printf(p->set->arena, "macro %s", text_of(p->set->symbols, name));
  Parser at_parameters = *p;
  parse_parameters(p);
  if (!lex_accept(p, "cleanup")) {
    if (!p->error) {
      *p = at_parameters;
      parse_body(p, token.start, intern(p, key));
    }
    return;
  }
  TextId function = lex_name(p, "the name of the cleanup function");
  if (p->error)
    return;
  EffectLine line = {.start = token.start, .effect_count = 1};
  line.effects[0].effect = (Effect){
      .action = ACTION_CALL,
      .place = term_make(p->set->terms, TERM_FUNCTION, 0, function, 0, 0),
      .text = intern(p, "scope"),
  };
  add_entry(p, token.start, intern(p, key), expand_cases(p, &line));
}

/* `kind mutex`, `kind GRecMutex recursive`, `kind semaphore counting`: of the locks on the lines
 * that follow. */
static void parse_kind(Parser *p) {
  p->kind = lex_name(p, "a kind of locks");
  p->kind_flags = 0;
  if (lex_accept(p, "recursive"))
    p->kind_flags |= LOCK_RECURSIVE;
  if (lex_accept(p, "counting"))
    p->kind_flags |= LOCK_COUNTING;
}

/* `fallback`: on the lines that follow the names are common ones; a function of the program that
 * has such a name is itself. `override` ends that. */
static void parse_fallback(Parser *p) { p->fallback = true; }

static void parse_override(Parser *p) { p->fallback = false; }

static void parse_const(Parser *p) {
  ModelSet *set = p->set;
  const char *at = p->token.start;
  TextId name = lex_name(p, "the name of a constant");
  lex_expect(p, "=");
  ModelConstant constant = {name, p->error ? 0 : parse_constant(p), p->source};
  if (p->error)
    return;
  uint32_t old = id_map_get(&set->constant_of, name);
  if (!old) {
    array_push(&set->constants, constant);
    id_map_put(&set->constant_of, name, (uint32_t)set->constants.count);
  } else if (set->constants.at[old - 1].source == p->source) {
    parse_fail(p, at, "'%s' is a constant already", text_of(set->symbols, name));
  } else {
    set->constants.at[old - 1] = constant;
  }
}

/* `type pthread_mutex_t lock mutex`, `type struct rw_semaphore lock rwsem` */
static void parse_type(Parser *p) {
  ModelSet *set = p->set;
  bool is_struct = lex_accept(p, "struct");
  TextId name = lex_name(p, "the name of a type");
  if (!p->error && is_struct)
    name = intern(p, arena_printf(set->arena, "struct %s", text_of(set->symbols, name)));
  lex_expect(p, "lock");
  TextId kind = lex_name(p, "a kind of locks");
  if (p->error)
    return;
  uint32_t old = id_map_get(&set->type_of, name);
  if (old) {
    set->types.at[old - 1].kind = kind;
    return;
  }
  array_push(&set->types, (ModelType){name, kind});
  id_map_put(&set->type_of, name, (uint32_t)set->types.count);
}

/* `known a b c`: functions that do nothing of interest here, so that passing them a lock's address,
 * or a pointer to what holds it, leaves it as it is. */
static void parse_known(Parser *p) {
  EffectLine line = {.start = p->token.start};
  do {
    const char *at = p->token.start;
    TextId name = lex_name(p, "the name of a function");
    if (!p->error)
      add_entry(p, at, name, expand_cases(p, &line));
  } while (p->token.kind != TOKEN_END);
}

static void parse_line(Parser *p) {
  lex_line(p);
  if (p->error || p->token.kind == TOKEN_END)
    return;
  const char *at = p->token.start;
  TextId first = lex_name(p, "the name of a function");
  if (p->error)
    return;
  static const struct {
    const char *word;
    void (*parse)(Parser *);
  } headers[] = {
      {"kind", parse_kind},   {"lock", parse_kind},         {"const", parse_const},
      {"type", parse_type},   {"struct", parse_struct},     {"macro", parse_macro},
      {"known", parse_known}, {"fallback", parse_fallback}, {"override", parse_override}};
  p->parameter_count = 0;
  bool done = false;
  for (size_t i = 0; i < sizeof headers / sizeof *headers && !done && !lex_is(p, "("); i++) {
    if (strcmp(text_of(p->set->symbols, first), headers[i].word) != 0)
      continue;
    headers[i].parse(p);
    done = true;
  }
  if (!done)
    parse_body(p, at, first);
  if (!p->error && p->token.kind != TOKEN_END)
    parse_fail(p, p->token.start, "unexpected '%.*s'", (int)p->token.length, p->token.start);
}

void parse_source(Parser *p, const char *text) {
  p->line = 1;
  for (const char *start = text; !p->error; p->line++) {
    size_t length = strcspn(start, "\n");
    p->line_start = start;
    p->line_end = start + length;
    parse_line(p);
    if (!start[length])
      return;
    start += length + 1;
  }
}
