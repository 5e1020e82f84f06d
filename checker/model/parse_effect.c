/* parse_effect.c - what stands after the colon: effects with their `when` and `if`. */
#include <string.h>

#include "model/parse.h"

typedef void ParseVerb(Parser *, EffectLine *, GatedEffect *);

static TextId intern(Parser *p, const char *text) { return text_intern(p->set->symbols, text); }

/* read | recursive | try | drops | timed | kind K, in any order. */
static void parse_attributes(Parser *p, Effect *effect) {
  for (;;) {
    if (lex_accept(p, "read"))
      effect->flags |= LOCK_READ;
    else if (lex_accept(p, "recursive"))
      effect->flags |= LOCK_RECURSIVE;
    else if (lex_accept(p, "try"))
      effect->flags |= LOCK_TRY;
    else if (lex_accept(p, "drops"))
      effect->flags |= LOCK_DROPS;
    else if (lex_accept(p, "kind"))
      effect->text = lex_name(p, "a kind");
    else
      return;
  }
}

static void parse_lock(Parser *p, EffectLine *line, GatedEffect *gated) {
  (void)line;
  Effect *effect = &gated->effect;
  effect->resource = RESOURCE_LOCK;
  effect->text = p->kind;
  effect->flags = p->kind_flags;
  effect->place = parse_place(p);
  parse_attributes(p, effect);
}

static void parse_release_all(Parser *p, EffectLine *line, GatedEffect *gated) {
  (void)line;
  gated->effect.resource = RESOURCE_LOCK;
  gated->effect.text = lex_name(p, "a kind of locks");
}

static void parse_init(Parser *p, EffectLine *line, GatedEffect *gated) {
  (void)line;
  Effect *effect = &gated->effect;
  effect->resource = RESOURCE_LOCK;
  effect->text = p->kind;
  effect->flags = p->kind_flags;
  effect->place = parse_place(p);
  if (lex_accept(p, "recursive"))
    effect->flags |= LOCK_RECURSIVE;
  if (lex_accept(p, "kind"))
    effect->attribute = lex_name(p, "a kind");
  if (effect->attribute && effect->attribute == intern(p, "recursive"))
    effect->flags |= LOCK_RECURSIVE;
  if (lex_accept(p, "with"))
    effect->with = parse_path(p);
}

/* `with attr`: the object itself, whether its address or the object is passed. */
static void with_as_place(Parser *p, Effect *effect) {
  if (effect->with && !p->error && !term_is_place(p->set->terms, effect->with))
    effect->with = term_make(p->set->terms, TERM_DEREF, 0, effect->with, 0, 0);
}

static uint8_t resource_of(Parser *p, TextId kind) {
  const char *text = text_of(p->set->symbols, kind);
  if (!strcmp(text, "memory"))
    return RESOURCE_MEMORY;
  if (!strcmp(text, "tsdkey"))
    return RESOURCE_KEY;
  return !strcmp(text, "thread") ? RESOURCE_THREAD : RESOURCE_FILE;
}

static void parse_open(Parser *p, EffectLine *line, GatedEffect *gated) {
  (void)line;
  gated->effect.place = parse_path(p);
  gated->effect.text = lex_name(p, "the kind of what is opened");
  gated->effect.resource = resource_of(p, gated->effect.text);
  if (gated->effect.resource == RESOURCE_MEMORY && lex_accept(p, "zeroed"))
    gated->effect.flags |= MEMORY_ZEROED;
  if (gated->effect.resource == RESOURCE_MEMORY && lex_accept(p, "printed"))
    gated->effect.third = parse_path(p);
}

static bool at_gate_or_end(const Parser *p) {
  return p->token.kind != TOKEN_NAME || lex_is(p, "when") || lex_is(p, "if");
}

static void parse_close(Parser *p, EffectLine *line, GatedEffect *gated) {
  (void)line;
  if (lex_accept(p, "all")) {
    gated->effect.attribute = intern(p, "all");
    lex_expect(p, "in");
  }
  gated->effect.place = parse_path(p);
  if (!at_gate_or_end(p))
    gated->effect.text = lex_name(p, "a kind");
  gated->effect.resource = resource_of(p, gated->effect.text);
}

static void parse_path_only(Parser *p, EffectLine *line, GatedEffect *gated) {
  (void)line;
  gated->effect.place = parse_path(p);
  switch ((Action)gated->effect.action) {
  case ACTION_JOIN:
  case ACTION_DETACH:
    gated->effect.resource = RESOURCE_THREAD;
    gated->effect.text = intern(p, "thread");
    break;
  default:
    break;
  }
}

/* grows X by N: node N is put into X; shrinks by N: it is taken out of what it is in. */
static void parse_container(Parser *p, EffectLine *line, GatedEffect *gated) {
  (void)line;
  Effect *effect = &gated->effect;
  effect->resource = RESOURCE_CONTAINER;
  bool is_by_node = effect->action == ACTION_SHRINK && lex_accept(p, "by");
  effect->place = parse_path(p);
  if (is_by_node)
    effect->other = effect->place;
  else if (effect->action == ACTION_GROW && lex_accept(p, "by"))
    effect->other = p->error ? 0 : parse_path(p);
}

static void parse_stores(Parser *p, EffectLine *line, GatedEffect *gated) {
  (void)line;
  gated->effect.place = parse_path(p);
  lex_expect(p, "in");
  gated->effect.other = p->error ? 0 : parse_path(p);
  if (p->error || at_gate_or_end(p))
    return;
  gated->effect.text = lex_name(p, "the kind of what it is kept in");
  gated->effect.resource = resource_of(p, gated->effect.text);
}

static void parse_fetches(Parser *p, EffectLine *line, GatedEffect *gated) {
  (void)line;
  gated->effect.place = parse_path(p);
  lex_expect(p, "from");
  gated->effect.other = p->error ? 0 : parse_path(p);
  gated->effect.text = p->error ? 0 : lex_name(p, "the kind of what it is kept in");
  gated->effect.resource = resource_of(p, gated->effect.text);
}

static void parse_spawn(Parser *p, EffectLine *line, GatedEffect *gated) {
  (void)line;
  Effect *effect = &gated->effect;
  effect->resource = RESOURCE_THREAD;
  effect->text = intern(p, "thread");
  effect->other = parse_call(p, &effect->third);
  const Term *list = p->error || !effect->third ? NULL : term_at(p->set->terms, effect->third);
  if (list && !list->b) // one argument stands for itself
    effect->third = list->a;
  lex_expect(p, "as");
  effect->place = p->error ? 0 : parse_path(p);
  if (lex_accept(p, "with"))
    effect->with = parse_path(p);
  with_as_place(p, effect);
}

static void parse_blocks(Parser *p, EffectLine *line, GatedEffect *gated) {
  (void)line;
  gated->effect.text =
      lex_name(p, "what it blocks on (thread, network, requests, sleep, disk, events)");
}

static void parse_calls(Parser *p, EffectLine *line, GatedEffect *gated) {
  (void)line;
  static const char *const moments[] = {"now", "once", "later", "thread", "exit", NULL};
  Effect *effect = &gated->effect;
  effect->place = parse_call(p, &effect->other);
  effect->text = intern(p, "now");
  for (size_t i = 0; moments[i]; i++) {
    if (lex_accept(p, moments[i])) {
      effect->text = intern(p, moments[i]);
      return;
    }
  }
}

static void parse_bounded(Parser *p, EffectLine *line, GatedEffect *gated) {
  (void)line;
  gated->effect.resource = RESOURCE_CONTAINER;
  gated->effect.place = parse_path(p);
  lex_expect(p, "by");
  gated->effect.other = p->error ? 0 : parse_value(p);
}

static void parse_set(Parser *p, EffectLine *line, GatedEffect *gated) {
  (void)line;
  gated->effect.place = parse_place(p);
  lex_expect(p, "=");
  if (p->error)
    return;
  const Term *place = term_at(p->set->terms, gated->effect.place);
  if (place->kind == TERM_FIELD && place->b == intern(p, ATTRIBUTES_DETACHED))
    gated->effect.resource = RESOURCE_ATTRIBUTES;
  Parser before = *p;
  gated->effect.other = parse_value(p);
  if (!lex_is(p, "==") && !lex_is(p, "!="))
    return;
  *p = before;
  bool is_true = true;
  gated->effect.other = parse_boolean(p, &is_true);
  if (!p->error && !is_true) { // the opposite, again as a comparison: EQ(EQ(a, b), 0)
    TermId zero = term_constant(p->set->terms, 0);
    gated->effect.other =
        term_make(p->set->terms, TERM_BINARY, term_at(p->set->terms, gated->effect.other)->operator,
                  gated->effect.other, zero, 0);
  }
}

/* Waiting on a condition variable gives up the mutex that the same line requires. */
/* A condition variable: named by a pointer to it. */
static TermId parse_condition(Parser *p) {
  TermId place = parse_path(p);
  return p->error || term_is_place(p->set->terms, place)
             ? place
             : term_make(p->set->terms, TERM_DEREF, 0, place, 0, 0);
}

static void parse_waits(Parser *p, EffectLine *line, GatedEffect *gated) {
  Effect *effect = &gated->effect;
  effect->place = parse_condition(p);
  if (lex_accept(p, "timed"))
    effect->attribute = intern(p, "timed");
  if (lex_accept(p, "with"))
    effect->other = parse_place(p);
  for (uint32_t i = line->effect_count; i-- > 0;) {
    Effect *required = &line->effects[i].effect;
    if (required->action != ACTION_REQUIRE || (effect->other && effect->other != required->place))
      continue;
    required->flags |= LOCK_DROPS;
    effect->other = required->place;
    return;
  }
}

static void parse_signals(Parser *p, EffectLine *line, GatedEffect *gated) {
  (void)line;
  gated->effect.place = parse_condition(p);
}

static void parse_stack(Parser *p, EffectLine *line, GatedEffect *gated) {
  (void)line;
  gated->effect.other = parse_value(p);
}

static void parse_returns(Parser *p, EffectLine *line, GatedEffect *gated) {
  (void)line;
  gated->result = parse_value(p);
}

static void parse_word(Parser *p, EffectLine *line, GatedEffect *gated) {
  (void)p, (void)line, (void)gated;
}

static const struct Verb {
  const char *text;
  Action action;
  ParseVerb *parse;
  uint32_t flags; // of the whole line: such a word takes no gate
  bool no_return;
} verbs[] = {
    {"acquire", ACTION_ACQUIRE, parse_lock, 0, false},
    {"release", ACTION_RELEASE, parse_lock, 0, false},
    {"requires", ACTION_REQUIRE, parse_lock, 0, false},
    {"uses", ACTION_USE, parse_lock, 0, false},
    {"expects", ACTION_EXPECT, parse_lock, 0, false},
    {"unchecked", ACTION_NONE, parse_word, SUMMARY_UNCHECKED, false},
    {"release-all", ACTION_RELEASE_ALL, parse_release_all, 0, false},
    {"init", ACTION_INIT, parse_init, 0, false},
    {"destroy", ACTION_DESTROY, parse_lock, 0, false},
    {"open", ACTION_OPEN, parse_open, 0, false},
    {"close", ACTION_CLOSE, parse_close, 0, false},
    {"takes", ACTION_TAKE, parse_path_only, 0, false},
    {"stores", ACTION_KEEP, parse_stores, 0, false},
    {"lives", ACTION_LIVE, parse_stores, 0, false},
    {"fetches", ACTION_FETCH, parse_fetches, 0, false},
    {"cancels", ACTION_CANCEL, parse_path_only, 0, false},
    {"shields", ACTION_SHIELD, parse_word, 0, false},
    {"unshields", ACTION_UNSHIELD, parse_word, 0, false},
    {"spawn", ACTION_SPAWN, parse_spawn, 0, false},
    {"join", ACTION_JOIN, parse_path_only, 0, false},
    {"detach", ACTION_DETACH, parse_path_only, 0, false},
    {"blocks", ACTION_BLOCK, parse_blocks, 0, false},
    {"calls", ACTION_CALL, parse_calls, 0, false},
    {"grows", ACTION_GROW, parse_container, 0, false},
    {"shrinks", ACTION_SHRINK, parse_container, 0, false},
    {"resets", ACTION_RESET, parse_container, 0, false},
    {"counts-up", ACTION_COUNT_UP, parse_path_only, 0, false},
    {"counts-down", ACTION_COUNT_DOWN, parse_path_only, 0, false},
    {"bounded", ACTION_BOUND, parse_bounded, 0, false},
    {"set", ACTION_SET, parse_set, 0, false},
    {"waits", ACTION_WAIT, parse_waits, 0, false},
    {"signals", ACTION_SIGNAL, parse_signals, 0, false},
    {"stack", ACTION_STACK, parse_stack, 0, false},
    {"depth-guard", ACTION_DEPTH_GUARD, parse_word, 0, false},
    {"returns", ACTION_NONE, parse_returns, 0, false},
    {"noreturn", ACTION_NONE, parse_word, 0, true},
    {"longjmp", ACTION_NONE, parse_word, SUMMARY_JUMPS, true},
    {"ends-thread", ACTION_NONE, parse_word, SUMMARY_ENDS_THREAD, true},
    {"returns-twice", ACTION_NONE, parse_word, SUMMARY_RETURNS_TWICE, false},
    {"pure", ACTION_NONE, parse_word, SUMMARY_PURE, false},
    {"error-number", ACTION_NONE, parse_word, SUMMARY_ERROR_NUMBER, false},
    {"cancel-point", ACTION_NONE, parse_word, SUMMARY_CANCEL_POINT, false},
    {"receives", ACTION_NONE, parse_word, SUMMARY_RECEIVES, false},
};

static uint32_t find_atom(Parser *p, EffectLine *line, TermId value, bool polarity,
                          const char *at) {
  for (uint32_t i = 0; i < line->atom_count; i++)
    if (line->atoms[i].value == value)
      return i;
  if (line->atom_count == MODEL_ATOMS) {
    parse_fail(p, at, "more than %d different conditions on one line", MODEL_ATOMS);
    return 0;
  }
  line->atoms[line->atom_count] = (Atom){value, polarity};
  return line->atom_count++;
}

/* `when` speaks of the arguments, `if` of the result: the one is known before the call. */
static void parse_gate(Parser *p, EffectLine *line, GatedEffect *gated, bool outcome) {
  do {
    const char *start = p->token.start;
    bool is_true;
    TermId value = parse_boolean(p, &is_true);
    if (p->error)
      return;
    if (term_mentions_result(p->set->terms, value) != outcome) {
      parse_fail(p, start,
                 outcome ? "'if' speaks of ret; use 'when' for arguments"
                         : "'when' speaks of arguments; use 'if' for ret");
      return;
    }
    uint32_t atom = find_atom(p, line, value, is_true, start), bit = 1u << atom;
    if ((gated->needed & bit) && ((gated->wanted & bit) != 0) != is_true) {
      parse_fail(p, start, "this condition contradicts another one of the same effect");
      return;
    }
    gated->needed |= bit;
    gated->wanted |= is_true ? bit : 0;
  } while (lex_accept(p, "&&"));
}

static void parse_gates(Parser *p, EffectLine *line, GatedEffect *gated) {
  bool seen_when = false, seen_if = false;
  for (;;) {
    const char *start = p->token.start;
    if (lex_accept(p, "when")) {
      if (seen_when)
        parse_fail(p, start, "a second 'when'; join conditions with '&&'");
      parse_gate(p, line, gated, false);
      seen_when = true;
    } else if (lex_accept(p, "if")) {
      if (seen_if)
        parse_fail(p, start, "a second 'if'; join conditions with '&&'");
      parse_gate(p, line, gated, true);
      seen_if = true;
    } else {
      return;
    }
  }
}

static void parse_one(Parser *p, EffectLine *line) {
  Token token = p->token;
  const struct Verb *verb = NULL;
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs && !verb; i++)
    if (lex_is(p, verbs[i].text))
      verb = &verbs[i];
  if (!verb) {
    if (token.kind == TOKEN_END)
      parse_fail(p, token.start, "an effect is missing");
    else
      parse_fail(p, token.start, "'%.*s' is not an effect", (int)token.length, token.start);
    return;
  }
  if (line->effect_count == MODEL_EFFECTS) {
    parse_fail(p, token.start, "more than %d effects on one line", MODEL_EFFECTS);
    return;
  }
  lex_next(p);
  GatedEffect *gated = &line->effects[line->effect_count];
  *gated = (GatedEffect){.effect.action = (uint8_t)verb->action, .no_return = verb->no_return};
  verb->parse(p, line, gated);
  with_as_place(p, &gated->effect);
  const char *gate = p->token.start;
  parse_gates(p, line, gated);
  if (verb->flags && gated->needed)
    parse_fail(p, gate, "'%s' takes no condition", verb->text);
  line->flags |= verb->flags;
  line->effect_count++;
}

void parse_effects(Parser *p, EffectLine *line) {
  *line = (EffectLine){.start = p->token.start};
  if (lex_accept(p, "-")) { // known to do nothing that matters here
    if (p->token.kind != TOKEN_END)
      parse_fail(p, p->token.start, "'-' means no effect: nothing may follow");
    return;
  }
  do
    parse_one(p, line);
  while (!p->error && lex_accept(p, ","));
  if (p->token.kind != TOKEN_END)
    parse_fail(p, p->token.start, "expected ',' or the end of the line, not '%.*s'",
               (int)p->token.length, p->token.start);
}
