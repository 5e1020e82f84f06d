/* proposals.c - see proposals.h. Names tell which two may belong together, and calls tell whether
 * they do: on the same argument, or on what the first one returned. */
#include "command/proposals.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "ir/parts.h"
#include "ir/print.h"

enum { LEAST_CALLS = 4, MANY_CALLS = 8, MOST_WORDS = 300 };

typedef struct {
  const char *first, *second;
  bool is_lock;
} Antonyms;

static const Antonyms antonyms[] = {
    {"lock", "unlock", true},
    {"rdlock", "unlock", true},
    {"wrlock", "unlock", true},
    {"trylock", "unlock", true},
    {"acquire", "release", true},
    {"enter", "leave", true},
    {"enter", "exit", true},
    {"down", "up", true},
    {"wait", "post", true},
    {"hold", "release", true},
    {"block", "unblock", true},
    {"suspend", "resume", true},
    {"disable", "enable", true},
    {"begin", "end", false},
    {"get", "put", false},
    {"ref", "unref", false},
    {"open", "close", false},
    {"create", "destroy", false},
    {"alloc", "free", false},
    {"new", "free", false},
    {"start", "stop", false},
    {"attach", "detach", false},
    {"register", "unregister", false},
    {"push", "pop", false},
    {"init", "destroy", false},
    {"init", "cleanup", false},
};

typedef struct {
  Arena *arena;
  Program *program;
  const bool *plain;      // by function id
  bool *called, *defined; // by TextId
  bool *at_work;          // likewise: a body does something to locks
  size_t names;
  ARRAY(Proposal) found;
} Search;

/* ---- names */

static bool begins_word(const char *name, size_t at) {
  return !at || !isalpha((unsigned char)name[at - 1]) ||
         (islower((unsigned char)name[at - 1]) && isupper((unsigned char)name[at]));
}

static bool ends_word(const char *name, size_t end) {
  return !isalpha((unsigned char)name[end]) ||
         (islower((unsigned char)name[end - 1]) && isupper((unsigned char)name[end]));
}

/* The other word, written as this one is: "Unlock" for "Lock". */
static const char *written_as(Arena *arena, const char *like, const char *word) {
  char *text = arena_text(arena, word);
  bool all = isupper((unsigned char)like[0]) && isupper((unsigned char)like[1]);
  for (size_t i = 0; text[i]; i++)
    if (all || (!i && isupper((unsigned char)like[0])))
      text[i] = (char)toupper((unsigned char)text[i]);
  return text;
}

/* "queue_unlock" of "queue_lock"; NULL when the word is not in it. */
static const char *counterpart(Arena *arena, const char *name, const Antonyms *pair) {
  size_t length = strlen(pair->first);
  for (size_t i = 0; name[i]; i++)
    if (!strncasecmp(name + i, pair->first, length) && begins_word(name, i) &&
        ends_word(name, i + length))
      return arena_printf(arena, "%.*s%s%s", (int)i, name,
                          written_as(arena, name + i, pair->second), name + i + length);
  return NULL;
}

/* A model cannot name a static function: its key has the file in front. Called, and neither a body
 * nor a model says what it does; of locks a body may say too little. */
static bool is_unknown(const Search *s, TextId name, bool of_lock) {
  return name && name < s->names && s->called[name] &&
         !strchr(text_of(s->program->symbols, name), ':') &&
         (!s->defined[name] || (of_lock && !s->at_work[name])) &&
         !models_find(s->program->models, name) && !models_fallback(s->program->models, name);
}

/* ---- calls */

typedef struct {
  const Function *f;
  Arena *arena;
  const Proposal *pair;
} Scene;

static const char *callee_of(const Scene *scene, const Instruction *in) {
  const Node *node = in->kind == INST_CALL ? &scene->f->nodes[in->a] : NULL;
  return node && node->kind == NODE_FUNCTION ? scene->f->symbols[node->a].key : "";
}

static bool is_object(const Function *f, NodeId id) {
  const Node *node = &f->nodes[id];
  return f->types[node->type].kind == TYPE_POINTER && node->kind != NODE_CONSTANT &&
         node->kind != NODE_STRING && node->kind != NODE_FUNCTION;
}

static const char *argument_text(const Scene *scene, const Instruction *in, uint32_t i) {
  return node_text(scene->arena, scene->f, scene->f->args[in->args + i]);
}

/* What the result of a call is kept in: the text of that place, or NULL. */
static const char *kept_in(const Scene *scene, const Instruction *call) {
  const Function *f = scene->f;
  for (uint32_t i = 0; i < f->instruction_count && call->result; i++) {
    const Instruction *in = &f->instructions[i];
    if (in->kind != INST_STORE)
      continue;
    NodeId value = without_casts(f, in->b);
    if (f->nodes[value].kind == NODE_TEMP && f->nodes[value].a == call->result)
      return node_text(scene->arena, f, in->a);
  }
  return NULL;
}

/* Which arguments of the two are one: an object; or, when they have none, anything. */
static bool match(const Scene *scene, const Instruction *first, const Instruction *second,
                  Proposal *as) {
  if (!first->arg_count && !second->arg_count) {
    as->first_argument = as->second_argument = -1;
    return true;
  }
  const char *kept = kept_in(scene, first);
  for (uint32_t k = 0; k < second->arg_count; k++) {
    const char *text = argument_text(scene, second, k);
    if (kept && !strcmp(kept, text)) {
      as->first_argument = -1;
      as->second_argument = (int32_t)k;
      as->role = ROLE_RESOURCE;
      return true;
    }
    for (uint32_t i = 0; i < first->arg_count; i++)
      if (is_object(scene->f, scene->f->args[first->args + i]) &&
          !strcmp(argument_text(scene, first, i), text)) {
        as->first_argument = (int32_t)i;
        as->second_argument = (int32_t)k;
        return true;
      }
  }
  return false;
}

/* ---- ways out */

typedef enum { WAY_FOLLOWED, WAY_NOT_FOLLOWED, WAY_ENDS } Way;

/* What the rest of a block does. */
static Way rest_of_block(const Scene *scene, const Block *block, uint32_t from,
                         const Instruction *first, Proposal *as) {
  for (uint32_t i = from; i < block->first + block->count; i++) {
    const Instruction *in = &scene->f->instructions[i];
    if (in->kind == INST_CALL && in->flags & CALL_NORETURN)
      return WAY_ENDS;
    if (!strcmp(callee_of(scene, in), as->second) && match(scene, first, in, as))
      return WAY_FOLLOWED;
  }
  return block->terminator == TERM_UNREACHABLE ? WAY_ENDS : WAY_NOT_FOLLOWED;
}

/* Does each way from the begin of these blocks to a return come by the second call? */
static bool all_followed(const Scene *scene, const Index *starts, uint32_t count,
                         const Instruction *first, Proposal *as) {
  const Function *f = scene->f;
  bool *seen = arena_new_array(scene->arena, bool, f->block_count);
  Index *queue = arena_new_array(scene->arena, Index, f->block_count + count);
  uint32_t end = 0;
  bool any = false;
  for (uint32_t i = 0; i < count; i++)
    queue[end++] = starts[i];
  for (uint32_t i = 0; i < end; i++) {
    const Block *block = &f->blocks[queue[i]];
    if (seen[queue[i]])
      continue;
    seen[queue[i]] = true;
    Way way = rest_of_block(scene, block, block->first, first, as);
    any |= way == WAY_FOLLOWED;
    if (way != WAY_NOT_FOLLOWED)
      continue;
    if (block->terminator == TERM_RETURN)
      return false;
    for (uint32_t e = 0; e < block->edge_count; e++)
      if (!seen[f->edges[block->edges + e].block] && end < f->block_count + count)
        queue[end++] = f->edges[block->edges + e].block;
  }
  return any;
}

static bool is_zero(const Function *f, NodeId id) {
  const Node *node = &f->nodes[without_casts(f, id)];
  return node->kind == NODE_CONSTANT && !f->constants[node->a].value;
}

/* Side of a branch on which the call's result is 0, or -1 when the block does not test it. */
static int zero_side(const Scene *scene, const Block *block, const Instruction *call) {
  const Function *f = scene->f;
  const char *kept = kept_in(scene, call);
  NodeId id = block->value;
  int side = 1;
  if (block->terminator != TERM_BRANCH || !call->result)
    return -1;
  for (;; id = f->nodes[id].a) {
    const Node *node = &f->nodes[id];
    bool is_not = (node->kind == NODE_UNARY && node->operator== OPERATOR_NOT) ||
                  (node->kind == NODE_BINARY && node->operator== OPERATOR_EQ);
    bool is_same =
        node->kind == NODE_CAST || (node->kind == NODE_BINARY && node->operator== OPERATOR_NE);
    if ((node->kind == NODE_TEMP && node->a == call->result) ||
        (kept && !strcmp(node_text(scene->arena, f, id), kept)))
      return side;
    if ((!is_not && !is_same) || (node->kind == NODE_BINARY && !is_zero(f, node->b)))
      return -1;
    side = is_not ? !side : side;
  }
}

static void judge_call(const Scene *scene, const Block *block, uint32_t at, Proposal *pair) {
  const Function *f = scene->f;
  const Instruction *call = &f->instructions[at];
  pair->calls++;
  if (call->arg_count > pair->first_arity)
    pair->first_arity = call->arg_count;
  Way way = rest_of_block(scene, block, at + 1, call, pair);
  if (way == WAY_FOLLOWED) {
    pair->followed++;
    return;
  }
  if (way == WAY_ENDS || block->terminator == TERM_RETURN)
    return;
  Index *next = arena_new_array(scene->arena, Index, block->edge_count);
  for (uint32_t e = 0; e < block->edge_count; e++)
    next[e] = f->edges[block->edges + e].block;
  if (all_followed(scene, next, block->edge_count, call, pair)) {
    pair->followed++;
    return;
  }
  int zero = zero_side(scene, block, call);
  for (int side = 0; side < 2 && zero >= 0; side++)
    if (all_followed(scene, &next[side], 1, call, pair)) {
      pair->followed++;
      pair->tested[side == zero ? 0 : 1]++;
      return;
    }
}

static void judge_function(Search *s, uint32_t id, Proposal *pair) {
  BorrowedCode code = program_borrow(s->program, id);
  const Function *f = code.function->body;
  Scene scene = {f, arena_new(), pair};
  uint32_t before = pair->calls;
  for (uint32_t b = 0; b < f->block_count; b++)
    for (uint32_t i = f->blocks[b].first; i < f->blocks[b].first + f->blocks[b].count; i++) {
      const char *callee = callee_of(&scene, &f->instructions[i]);
      if (!strcmp(callee, pair->second) && f->instructions[i].arg_count > pair->second_arity)
        pair->second_arity = f->instructions[i].arg_count;
      if (!strcmp(callee, pair->first))
        judge_call(&scene, &f->blocks[b], i, pair);
    }
  pair->functions += pair->calls > before;
  arena_free(scene.arena);
  program_return(&code);
}

static bool calls(const Declaration *declared, const char *name) {
  for (uint32_t i = 0; i < declared->links->call_count; i++)
    if (!strcmp(declared->links->calls[i], name))
      return true;
  return false;
}

/* z of ANALYSIS D.2. */
static double score_of(const Proposal *pair) {
  return pair->calls ? ((double)pair->followed / pair->calls - 0.8) / sqrt(0.16 / pair->calls) : 0;
}

static void judge_pair(Search *s, const char *first, const char *second, bool is_lock) {
  Proposal pair = {.first = first,
                   .second = second,
                   .has_body = s->defined[text_find(s->program->symbols, first)],
                   .role = is_lock ? ROLE_LOCK : ROLE_UNKNOWN,
                   .first_argument = -1,
                   .second_argument = -1};
  for (uint32_t i = 0; i < s->program->function_count; i++) {
    const Declaration *declared = &s->program->functions[i].declared;
    if (!(declared->flags & FUNCTION_INITIALISER) && calls(declared, first))
      judge_function(s, i, &pair);
  }
  pair.score = score_of(&pair);
  if (pair.calls)
    array_push(&s->found, pair);
}

/* ---- all of them */

static void collect_names(Search *s) {
  const Program *program = s->program;
  s->names = text_count(program->symbols);
  s->called = arena_new_array(s->arena, bool, s->names);
  s->defined = arena_new_array(s->arena, bool, s->names);
  s->at_work = arena_new_array(s->arena, bool, s->names);
  for (uint32_t i = 0; i < program->function_count; i++) {
    s->defined[program->functions[i].key] = true;
    s->at_work[program->functions[i].key] |= !s->plain[i];
    const FunctionLinks *links = program->functions[i].declared.links;
    for (uint32_t k = 0; k < links->call_count; k++)
      s->called[text_find(program->symbols, links->calls[k])] = true;
  }
}

static bool is_judged(const Search *s, const char *first, const char *second) {
  for (size_t i = 0; i < s->found.count; i++)
    if (!strcmp(s->found.at[i].first, first) && !strcmp(s->found.at[i].second, second))
      return true;
  return false;
}

static void judge_name(Search *s, const char *name) {
  for (size_t i = 0; i < sizeof antonyms / sizeof *antonyms; i++) {
    const char *other = counterpart(s->arena, name, &antonyms[i]);
    TextId id = other ? text_find(s->program->symbols, other) : 0;
    bool is_lock = antonyms[i].is_lock;
    if (is_unknown(s, text_find(s->program->symbols, name), is_lock) &&
        is_unknown(s, id, is_lock) && !is_judged(s, name, other))
      judge_pair(s, name, text_of(s->program->symbols, id), is_lock);
  }
}

static int compare_proposals(const void *left, const void *right) {
  const Proposal *a = left, *b = right;
  if (a->score < b->score || a->score > b->score)
    return a->score > b->score ? -1 : 1;
  int order = strcmp(a->first, b->first);
  return order ? order : strcmp(a->second, b->second);
}

Proposal *proposals_find(Arena *arena, Program *program, const bool *plain, uint32_t *count) {
  Search s = {.arena = arena, .program = program, .plain = plain};
  collect_names(&s);
  for (TextId id = 1; id < s.names; id++)
    if (is_unknown(&s, id, true))
      judge_name(&s, text_of(program->symbols, id));
  *count = (uint32_t)s.found.count;
  if (*count)
    qsort(s.found.at, *count, sizeof *s.found.at, compare_proposals);
  Proposal *copy = arena_copy(arena, s.found.at, sizeof *copy * *count);
  array_free(&s.found);
  return copy;
}

bool proposal_is_sure(const Proposal *pair) {
  return (pair->calls >= MANY_CALLS && pair->score >= 1.5) ||
         (pair->calls >= LEAST_CALLS && pair->followed == pair->calls);
}
