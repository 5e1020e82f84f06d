/* test.c - see test.h */
#include "depth/test.h"

#include "ir/parts.h"

enum { SMALLEST_LIMIT = 3 };

bool test_is_about(const Test *test, Token token) {
  const Value *sides[] = {&test->left, &test->right};
  for (uint32_t i = 0; i < 2; i++)
    if ((sides[i]->kind == VALUE_MOVED && sides[i]->token == token) ||
        (sides[i]->kind == VALUE_SUM && (sides[i]->token == token || sides[i]->other == token)))
      return true;
  return false;
}

uint32_t test_side(const Test *test, bool left) {
  switch (test->operator) {
  case OPERATOR_LT:
    return left ? SIDE_BELOW : SIDE_ABOVE;
  case OPERATOR_GE:
    return left ? SIDE_ABOVE | SIDE_EQUAL : SIDE_BELOW | SIDE_EQUAL;
  case OPERATOR_EQ:
    return SIDE_EQUAL;
  default:
    return SIDE_BELOW | SIDE_ABOVE;
  }
}

bool test_stops(const Test *test, Token token, bool up) {
  if (!test_is_about(test, token))
    return false;
  bool left = test->left.kind != VALUE_CONSTANT && test->left.token == token;
  uint32_t side = test_side(test, left);
  return side == (SIDE_BELOW | SIDE_ABOVE) || !(side & (up ? SIDE_ABOVE : SIDE_BELOW));
}

bool test_bounds(const Test *test, Token token, bool up, bool is_put_back) {
  bool left = test->left.kind != VALUE_CONSTANT && test->left.token == token;
  const Value *limit = left ? &test->right : &test->left;
  return test_stops(test, token, up) && (limit->kind == VALUE_CONSTANT || is_put_back);
}

uint64_t test_levels(const Test *test, Token token, int32_t step) {
  bool left = test->left.kind == VALUE_MOVED && test->left.token == token;
  const Value *counter = left ? &test->left : &test->right,
              *limit = left ? &test->right : &test->left;
  if (!test_stops(test, token, true) || counter->kind != VALUE_MOVED ||
      counter->low != counter->high || limit->kind != VALUE_CONSTANT || !is_known(limit))
    return 0;
  int64_t most = (int64_t)limit->low - counter->low - !(test_side(test, left) & SIDE_EQUAL);
  return most >= 0 ? (uint64_t)(most / step) + 2 : 0;
}

bool value_may_limit(const Value *limit) {
  if (limit->kind == VALUE_CONSTANT)
    return limit->low >= SMALLEST_LIMIT || limit->low < 0;
  return limit->kind != VALUE_ANY || limit->reads != 0;
}

/* ---- from the code */

static uint8_t opposite(uint8_t operator) {
  switch (operator) {
  case OPERATOR_EQ:
    return OPERATOR_NE;
  case OPERATOR_NE:
    return OPERATOR_EQ;
  case OPERATOR_LT:
    return OPERATOR_GE;
  default:
    return OPERATOR_LT;
  }
}

/* p - low < high - p: two differences with one of their ends in common. */
static bool compares_parts(const Function *f, const Node *test) {
  const Node *left = &f->nodes[without_casts(f, test->a)],
             *right = &f->nodes[without_casts(f, test->b)];
  bool differences = left->kind == NODE_BINARY && right->kind == NODE_BINARY &&
                     left->operator== OPERATOR_SUBTRACT && right->operator== OPERATOR_SUBTRACT;
  return differences && (left->a == right->b || left->b == right->a);
}

static Test read_test(Flow *flow, NodeId value, bool holds) {
  const Function *f = flow->f;
  const Node *node = &f->nodes[value];
  for (;; node = &f->nodes[node->a]) {
    if (node->kind == NODE_UNARY && node->operator== OPERATOR_NOT)
      holds = !holds;
    else if (node->kind != NODE_CAST)
      break;
  }
  Test test = {0};
  if (node->kind == NODE_BINARY && node->operator>= OPERATOR_EQ && node->operator<= OPERATOR_LT) {
    test.left = flow_value(flow, node->a);
    test.right = flow_value(flow, node->b);
    test.operator= holds ? node->operator: opposite(node->operator);
    test.compares = true;
    test.halves = compares_parts(f, node);
    test.signless =
        node->operator== OPERATOR_LT &&(f->types[f->nodes[node->a].type].kind == TYPE_UNSIGNED ||
                                        f->types[f->nodes[node->b].type].kind == TYPE_UNSIGNED);
  } else {
    test.left = flow_value(flow, (NodeId)(node - f->nodes));
    test.right = value_constant(0);
    test.operator= holds ? OPERATOR_NE : OPERATOR_EQ;
  }
  return test;
}

Test test_read(Flow *flow, NodeId value, bool holds) {
  Test test = read_test(flow, value, holds);
  Value *sides[] = {&test.left, &test.right};
  for (uint32_t i = 0; i < 2; i++)
    if (sides[i]->kind == VALUE_BITS) {
      uint8_t reads = sides[i]->reads;
      *sides[i] = value_below(*sides[i]);
      sides[i]->reads = reads;
    }
  return test;
}

/* ---- what is known to hold */

static uint32_t edge_of(const Flow *flow, const Block *block, int32_t number) {
  uint32_t at = 0;
  for (; at + 1 < block->edge_count; at++) {
    const Edge *edge = &flow->f->edges[block->edges + at];
    if (number >= edge->low && number <= edge->high)
      break;
  }
  return at;
}

uint32_t test_only_edge(Flow *flow, const Block *block) {
  if (block->terminator == TERM_SWITCH) {
    Value value = flow_value(flow, block->value);
    return value.kind == VALUE_CONSTANT && is_known(&value) ? edge_of(flow, block, value.low)
                                                            : NO_EDGE;
  }
  if (block->terminator != TERM_BRANCH)
    return NO_EDGE;
  Test test = read_test(flow, block->value, true);
  if (!is_known(&test.left) || !is_known(&test.right) || test.right.kind == VALUE_BITS)
    return NO_EDGE;
  if (test.left.kind == VALUE_BITS) // a bit that is set
    return !test.compares && test.left.high ? 0 : NO_EDGE;
  int64_t left = test.left.low, right = test.right.low;
  if (test.signless && (left < 0 || right < 0)) // SIZE_MAX is kept as -1
    return NO_EDGE;
  uint32_t is = left < right ? SIDE_BELOW : left > right ? SIDE_ABOVE : SIDE_EQUAL;
  return test_side(&test, true) & is ? 0 : 1;
}
