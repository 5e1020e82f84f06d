/* conditions.c - see conditions.h. */
#include "growth/conditions.h"

#include "base/guard.h"
#include "ir/parts.h"

bool is_pointer_type(const Function *f, Index type) { return f->types[type].kind == TYPE_POINTER; }

bool is_number_type(const Function *f, Index type) {
  TypeKind kind = f->types[type].kind;
  return kind == TYPE_SIGNED || kind == TYPE_UNSIGNED;
}

static void add_path(PathId *list, uint32_t *count, uint32_t limit, PathId path) {
  if (*count < limit && path)
    list[(*count)++] = path;
}

/* A number, or what the call whose answer it is was asked about: unless that is compared with one
 * value, as by who looks for something. */
static void note_number(Facting *x, BranchTest *test, NodeId id, bool asks) {
  Meanings value = values_of(x->values, id);
  for (uint32_t i = 0; i < value.count; i++) {
    const Meaning *meaning = &value.at[i];
    const PathNode *node = path_at(x->own, meaning->path);
    if (meaning->kind != MEANS_CONTENT || node->kind == PATH_LOCAL || node->kind == PATH_PARAMETER)
      continue;
    if (node->kind != PATH_RESULT) {
      add_path(test->numbers, &test->number_count, GUARD_LIMIT, meaning->path);
      continue;
    }
    const GrowthCall *call = x->by_instruction[node->number];
    for (uint32_t k = 0; call && asks && k < call->arg_count; k++)
      add_path(test->numbers, &test->number_count, GUARD_LIMIT,
               path_container(x->own, call->args[k].path));
  }
}

static void note_pointer(Facting *x, BranchTest *test, NodeId id) {
  Meanings value = values_of(x->values, id);
  test->is_one = value.count == 1;
  for (uint32_t i = 0; i < value.count; i++)
    if (value.at[i].kind == MEANS_CONTENT)
      add_path(test->tested, &test->tested_count, NULL_TESTS, value.at[i].path);
  test->is_all = test->tested_count == value.count;
}

/* What is equal to a constant, or to what was given, is found, and not full. */
static bool may_be_limit(Facting *x, NodeId id) {
  Meanings value = values_of(x->values, id);
  bool is_given = value.count == 1 && value.at[0].kind == MEANS_CONTENT &&
                  path_at(x->own, value.at[0].path)->kind == PATH_PARAMETER;
  return x->f->nodes[id].kind != NODE_CONSTANT && !is_given;
}

uint16_t parameter_of(Facting *x, NodeId id) {
  Meanings value = values_of(x->values, id);
  const PathNode *node = path_at(x->own, value.at[0].path);
  bool is_given = value.count == 1 && value.at[0].kind == MEANS_CONTENT && !value.at[0].moved &&
                  node->kind == PATH_PARAMETER && node->number < UINT16_MAX;
  return is_given ? (uint16_t)(node->number + 1) : 0;
}

static void note_demand(Facting *x, BranchTest *test, NodeId id, int64_t value, uint32_t edge) {
  uint16_t parameter = value >= INT32_MIN && value <= INT32_MAX ? parameter_of(x, id) : 0;
  test->demand = (Demand){parameter, true, (int32_t)value};
  test->equal_edge = edge;
}

static bool is_zero(const Function *f, NodeId id) {
  return f->nodes[id].kind == NODE_CONSTANT && !f->constants[f->nodes[id].a].value;
}

static bool is_written(const Function *f, NodeId id) {
  id = without_casts(f, id);
  return f->nodes[id].kind == NODE_CONSTANT || f->nodes[id].kind == NODE_FLOATING;
}

/* The answer of a call is about a state only when that is compared by order: what two are equal
 * for is not known. */
static uint8_t asks_of(Facting *x, NodeId id, bool by_order) {
  id = without_casts(x->f, id);
  if (x->f->nodes[id].kind == NODE_BINARY && x->f->nodes[id].operator== OPERATOR_AND &&
                                             is_written(x->f, x->f->nodes[id].b))
    id = without_casts(x->f, x->f->nodes[id].a);
  const Node *node = &x->f->nodes[id];
  if (node->kind != NODE_TEMP)
    return node->kind == NODE_VAR || is_written(x->f, id) ? 0 : ASKS_WHICH;
  Meanings value = values_of(x->values, id);
  bool is_answer =
      value.at[0].kind == MEANS_CONTENT && path_at(x->own, value.at[0].path)->kind == PATH_RESULT;
  return is_answer && !by_order ? ASKS_WHICH : ASKS_WHETHER;
}

static uint8_t compares(Facting *x, const Node *node) {
  bool a = is_written(x->f, node->a), b = is_written(x->f, node->b);
  bool equality = node->operator== OPERATOR_EQ || node->operator== OPERATOR_NE;
  return a || b ? asks_of(x, a ? node->b : node->a, !equality) : ASKS_WHICH;
}

void note_test(Facting *x, Index block) {
  const Block *b = &x->f->blocks[block];
  BranchTest *test = &x->tests[block];
  NodeId id = b->value;
  test->null_edge = 1;
  while (x->f->nodes[id].kind == NODE_UNARY && x->f->nodes[id].operator== OPERATOR_NOT) {
    id = x->f->nodes[id].a;
    test->null_edge ^= 1;
  }
  const Node *node = &x->f->nodes[id];
  test->asks = node->kind == NODE_BINARY && node->operator!= OPERATOR_AND ? compares(x, node)
                                                                          : asks_of(x, id, false);
  test->asked = id;
  if (node->kind != NODE_BINARY) {
    note_demand(x, test, id, 0, test->null_edge);
    if (is_pointer_type(x->f, node->type))
      note_pointer(x, test, id);
    return;
  }
  bool equality = node->operator== OPERATOR_EQ || node->operator== OPERATOR_NE;
  test->asked = equality ? node->a : id;
  bool order = node->operator== OPERATOR_LT || node->operator== OPERATOR_LE ||
               node->operator== OPERATOR_GT || node->operator== OPERATOR_GE;
  if (equality && x->f->nodes[node->b].kind == NODE_CONSTANT)
    note_demand(x, test, node->a, x->f->constants[x->f->nodes[node->b].a].value,
                test->null_edge ^ (node->operator== OPERATOR_EQ));
  if (equality && is_zero(x->f, node->b)) {
    test->null_edge ^= node->operator== OPERATOR_EQ;
    if (is_pointer_type(x->f, x->f->nodes[node->a].type))
      note_pointer(x, test, node->a);
  } else if ((equality || order) && is_number_type(x->f, x->f->nodes[node->a].type) &&
             !is_zero(x->f, node->a) && !is_zero(x->f, node->b)) {
    note_number(x, test, node->a, order || may_be_limit(x, node->b));
    note_number(x, test, node->b, order || may_be_limit(x, node->a));
  }
}

void note_switch(Facting *x, Index block) {
  note_demand(x, &x->tests[block], x->f->blocks[block].value, 0, 0);
}

/* The one case of a switch that leads to the block, and is one number. */
static bool is_case(const Facting *x, Index at, Index block, int32_t *value) {
  const Block *b = &x->f->blocks[at];
  for (uint32_t k = 0; k + 1 < b->edge_count; k++) { // the last one is for the rest
    const Edge *edge = &x->f->edges[b->edges + k];
    *value = (int32_t)edge->low;
    if (edge->low == edge->high && edge->low == *value &&
        x->cfg->predecessor_counts[edge->block] == 1 && cfg_dominates(x->cfg, edge->block, block))
      return true;
  }
  return false;
}

static void add_demand(const Facting *x, Dominating *all, Index at, Index block) {
  Demand demand = x->tests[at].demand;
  if (demand.parameter && is_case(x, at, block, &demand.value))
    demands_add(all->demands, demand);
}

bool branch_decides(const Facting *x, Index branch, Index block, uint32_t *edge) {
  const Block *b = &x->f->blocks[branch];
  if (b->terminator != TERM_BRANCH)
    return false;
  for (uint32_t k = 0; k < 2; k++) {
    Index next = x->f->edges[b->edges + k].block, other = x->f->edges[b->edges + !k].block;
    *edge = k;
    if (next != other && x->cfg->predecessor_counts[next] == 1 &&
        cfg_dominates(x->cfg, next, block))
      return true;
  }
  return false;
}

/* Once a loop has gone over all there is, that says nothing about how much it may be. */
static bool ends_walk(const Facting *x, Index at, uint32_t edge) {
  Index loop = x->cfg->innermost[at], next = x->f->edges[x->f->blocks[at].edges + edge].block;
  return x->repetition->walks[at] && loop != NO_LOOP && !cfg_in_loop(x->cfg, loop, next) &&
         guard_on("growth-walk");
}

Dominating tests_before(const Facting *x, Index block) {
  Dominating all = {0};
  for (Index at = block; at != 0;) {
    at = x->cfg->dominator[at];
    if (at == NO_BLOCK)
      break;
    uint32_t edge;
    if (x->f->blocks[at].terminator == TERM_SWITCH)
      add_demand(x, &all, at, block);
    if (!branch_decides(x, at, block, &edge))
      continue;
    const BranchTest *test = &x->tests[at];
    Demand demand = test->demand;
    demand.is_equal = edge == test->equal_edge;
    if (demand.parameter)
      demands_add(all.demands, demand);
    for (uint32_t i = 0; i < test->tested_count && edge == test->null_edge && test->is_one; i++)
      if (!path_linked(x->own, test->tested[i])) // else it is the end of something
        add_path(all.empty, &all.empty_count, NULL_TESTS, path_container(x->own, test->tested[i]));
    for (uint32_t i = 0; i < test->number_count && !ends_walk(x, at, edge); i++)
      add_path(all.guards, &all.guard_count, GUARD_LIMIT, test->numbers[i]);
    for (uint32_t i = 0; i < test->tested_count; i++)
      add_path(all.tested, &all.tested_count, NULL_TESTS, test->tested[i]);
  }
  return all;
}

bool is_keyed(const Facting *x, const Dominating *tests, PathId object) {
  for (uint32_t i = 0; i < tests->tested_count; i++) {
    PathId path = tests->tested[i];
    if (object && path_starts(x->own, object, path))
      continue;
    PathKind kind = (PathKind)path_at(x->own, path)->kind;
    if (path_linked(x->own, path))
      return true;
    const GrowthCall *call =
        kind == PATH_RESULT ? x->by_instruction[path_at(x->own, path)->number] : NULL;
    for (uint32_t k = 0; call && k < call->arg_count; k++)
      if (path_at(x->own, path_first(x->own, call->args[k].path))->kind != PATH_RESULT)
        return true;
  }
  return false;
}

/* first(&list): what the one argument of a call is that only looks for something; what another one
 * takes out, it gives, too. */
static PathId looked_into(const Facting *x, PathId path, uint32_t other) {
  const PathNode *node = path_at(x->own, path);
  const GrowthCall *call = node->kind == PATH_RESULT ? x->by_instruction[node->number] : NULL;
  if (!call || node->number == other || call->arg_count != 1 ||
      x->f->instructions[node->number].arg_count != 1)
    return 0;
  Meaning given = {.kind = call->args[0].kind, .path = call->args[0].path};
  return path_container(x->own, meaning_target(x->own, &given));
}

/* What has been found empty on that way on, by who is not `other`. */
static PathId found_empty(const Facting *x, Index block, uint32_t edge, uint32_t other) {
  const BranchTest *test = &x->tests[block];
  bool is_test = x->f->blocks[block].terminator == TERM_BRANCH && test->is_all &&
                 test->tested_count && edge == test->null_edge &&
                 !path_linked(x->own, test->tested[0]);
  PathId container = is_test && test->is_one ? path_container(x->own, test->tested[0]) : 0;
  PathId inside = is_test ? looked_into(x, test->tested[0], other) : 0;
  for (uint32_t i = 1; i < test->tested_count && inside; i++)
    if (looked_into(x, test->tested[i], other) != inside)
      return 0;
  return inside ? inside : container;
}

PathId drained_in(const Facting *x, uint32_t instruction) {
  Index block = block_of_instruction(x->f, instruction);
  Index loop = x->cfg->innermost[block];
  PathId container = 0;
  for (uint32_t i = 0; loop != NO_LOOP && i < x->cfg->loops[loop].block_count; i++) {
    Index at = x->cfg->loops[loop].blocks[i];
    const Block *b = &x->f->blocks[at];
    for (uint32_t e = 0; e < b->edge_count; e++) {
      if (cfg_in_loop(x->cfg, loop, x->f->edges[b->edges + e].block))
        continue;
      PathId empty = found_empty(x, at, e, instruction);
      if (!empty || (container && container != empty))
        return 0;
      container = empty;
    }
  }
  return container;
}
