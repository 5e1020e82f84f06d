/* build_node.c - nodes: hash-consing, canonical forms (ir.h) and folding of constants.
 *
 * Two nodes are one when kind, operator and operands agree and their types differ in typedef names
 * only. Arithmetic wraps as the machine does: signed overflow is not our business here.
 */
#include <stdlib.h>
#include <string.h>

#include "ir/build_internal.h"

static bool is_integer(const Type *type) {
  return type->kind == TYPE_BOOL || type->kind == TYPE_SIGNED || type->kind == TYPE_UNSIGNED;
}

const Node *build_node(const Builder *b, NodeId node) { return &b->nodes.at[node]; }
const Local *build_local_of(const Builder *b, Index local) { return &b->locals.at[local]; }
const Type *build_type_of(const Builder *b, Index type) { return &b->types.at[type]; }

static const Type *type_of_node(const Builder *b, NodeId node) {
  return &b->types.at[b->nodes.at[node].type];
}

const Constant *build_constant_of(const Builder *b, NodeId node) {
  const Node *n = &b->nodes.at[node];
  return n->kind == NODE_CONSTANT ? &b->constants.at[n->a] : NULL;
}

static bool node_equal(const Builder *b, uint32_t index, const void *key) {
  const Node *one = &b->nodes.at[index], *other = key;
  return one->kind == other->kind && one->operator== other->operator&& one->a == other->a &&
                                     one->b == other->b &&
                                     b->plain.at[one->type] == b->plain.at[other->type];
}

static NodeId intern(Builder *b, Node node) {
  uint32_t words[4] = {node.kind, node.operator, node.a, node.b};
  uint32_t fresh = (uint32_t)b->nodes.count;
  NodeId id = table_intern(b, &b->node_table, hash_words(words, 4) + b->plain.at[node.type],
                           node_equal, &node, fresh);
  if (id == fresh)
    pool_push(b, &b->nodes, node);
  return id;
}

static bool constant_equal(const Builder *b, uint32_t index, const void *key) {
  const Constant *one = &b->constants.at[index], *other = key;
  return one->value == other->value && one->macro == other->macro;
}

/* The value as `type` holds it. */
static int64_t wrap(const Type *type, int64_t value) {
  if (type->kind == TYPE_BOOL)
    return value != 0;
  if (!is_integer(type) || type->size == 0 || type->size >= 8)
    return value;
  unsigned unused = 64 - 8 * (unsigned)type->size;
  uint64_t high = (uint64_t)value << unused;
  return type->kind == TYPE_SIGNED ? (int64_t)high >> unused : (int64_t)(high >> unused);
}

NodeId build_constant(Builder *b, Index type, int64_t value, const char *macro) {
  Constant constant = {wrap(&b->types.at[type], value), build_name(b, macro)};
  uint32_t words[3] = {(uint32_t)constant.value, (uint32_t)(constant.value >> 32),
                       hash_string(constant.macro)};
  uint32_t fresh = (uint32_t)b->constants.count;
  Index index =
      table_intern(b, &b->constant_table, hash_words(words, 3), constant_equal, &constant, fresh);
  if (index == fresh)
    pool_push(b, &b->constants, constant);
  return intern(b, (Node){.kind = NODE_CONSTANT, .type = (uint16_t)type, .a = index});
}

static NodeId leaf(Builder *b, NodeKind kind, Index type, uint32_t a) {
  return intern(b, (Node){.kind = (uint8_t)kind, .type = (uint16_t)type, .a = a});
}

NodeId build_floating(Builder *b, Index type, const char *spelling) {
  return leaf(b, NODE_FLOATING, type, build_text(b, spelling));
}

NodeId build_string(Builder *b, Index type, const char *text) {
  return leaf(b, NODE_STRING, type, build_text(b, text));
}

NodeId build_var(Builder *b, Index local) {
  return leaf(b, NODE_VAR, b->locals.at[local].type, local);
}

NodeId build_local_place(Builder *b, Index local) {
  return leaf(b, NODE_LOCAL, b->locals.at[local].type, local);
}

NodeId build_global(Builder *b, Index symbol) {
  return leaf(b, NODE_GLOBAL, b->symbols.at[symbol].type, symbol);
}

NodeId build_function_value(Builder *b, Index symbol) {
  return leaf(b, NODE_FUNCTION, b->symbols.at[symbol].type, symbol);
}

NodeId build_unknown(Builder *b, Index type) { return leaf(b, NODE_UNKNOWN, type, b->unknowns++); }

/* ---- places and pointers */

NodeId build_address(Builder *b, Index type, NodeId place) {
  const Node *n = &b->nodes.at[place];
  if (n->kind == NODE_DEREF)
    return n->a;
  return leaf(b, NODE_ADDRESS, type, place);
}

NodeId build_deref(Builder *b, Index type, NodeId pointer) {
  const Node *n = &b->nodes.at[pointer];
  if (n->kind == NODE_ADDRESS)
    return n->a;
  return leaf(b, NODE_DEREF, type, pointer);
}

NodeId build_field(Builder *b, Index type, NodeId place, Index symbol) {
  return intern(b, (Node){.kind = NODE_FIELD, .type = (uint16_t)type, .a = place, .b = symbol});
}

NodeId build_index(Builder *b, Index type, NodeId place, NodeId index) {
  return intern(b, (Node){.kind = NODE_INDEX, .type = (uint16_t)type, .a = place, .b = index});
}

static uint64_t element_size(const Builder *b, Index pointer_type) {
  const Type *type = &b->types.at[pointer_type];
  return type->kind == TYPE_POINTER ? b->types.at[type->element].size : 0;
}

static NodeId add_indexes(Builder *b, NodeId one, NodeId other) {
  const Constant *x = build_constant_of(b, one), *y = build_constant_of(b, other);
  if (x && x->value == 0)
    return other;
  if (x && y)
    return build_constant(b, b->nodes.at[one].type, x->value + y->value, "");
  return 0;
}

/* &x->f moved back by the offset of f is x: container_of. */
static NodeId containing(Builder *b, Index type, NodeId pointer, int64_t bytes) {
  Node address = b->nodes.at[pointer];
  if (address.kind != NODE_ADDRESS || bytes >= 0)
    return 0;
  Node field = b->nodes.at[address.a];
  if (field.kind != NODE_FIELD || b->symbols.at[field.b].offset != (uint64_t)-bytes)
    return 0;
  return build_address(b, type, field.a);
}

NodeId build_shift(Builder *b, Index type, NodeId pointer, NodeId index) {
  const Constant *by = build_constant_of(b, index);
  if (by && by->value == 0)
    return pointer;
  Node n = b->nodes.at[pointer];
  uint64_t size = element_size(b, type);
  if (n.kind == NODE_ADDRESS && b->nodes.at[n.a].kind == NODE_INDEX) {
    Node place = b->nodes.at[n.a];
    NodeId sum = b->types.at[place.type].size == size ? add_indexes(b, place.b, index) : 0;
    if (sum)
      return build_address(b, n.type, build_index(b, place.type, place.a, sum));
  }
  if (n.kind == NODE_SHIFT && element_size(b, n.type) == size) {
    NodeId sum = build_constant_of(b, n.b) ? add_indexes(b, n.b, index) : 0;
    if (sum)
      return build_shift(b, type, n.a, sum);
  }
  if (by && size) {
    NodeId whole = containing(b, type, pointer, by->value * (int64_t)size);
    if (whole)
      return whole;
  }
  if (by && n.kind == NODE_CONSTANT && size)
    return build_constant(b, type, b->constants.at[n.a].value + by->value * (int64_t)size, "");
  return intern(b, (Node){.kind = NODE_SHIFT, .type = (uint16_t)type, .a = pointer, .b = index});
}

/* ---- operators */

static bool is_truth(const Builder *b, NodeId node) {
  const Node *n = &b->nodes.at[node];
  if (n->kind == NODE_UNARY)
    return n->operator== OPERATOR_NOT;
  return n->kind == NODE_BINARY && n->operator>= OPERATOR_EQ && n->operator<= OPERATOR_GE;
}

/* Never null: assert(!"cannot happen"), assert(ok && "why") and macros that test the address of
 * an object are decided here. */
bool build_is_object_address(const Builder *b, NodeId node) {
  const Node *n = &b->nodes.at[node];
  if (n->kind == NODE_STRING)
    return true;
  if (n->kind != NODE_ADDRESS)
    return false;
  for (n = &b->nodes.at[n->a]; n->kind == NODE_FIELD || n->kind == NODE_INDEX;)
    n = &b->nodes.at[n->a];
  return n->kind == NODE_LOCAL ||
         (n->kind == NODE_GLOBAL && !(b->symbols.at[n->a].flags & SYMBOL_WEAK));
}

static NodeId negate_truth(Builder *b, Index type, NodeId value) {
  Node n = b->nodes.at[value];
  if (n.kind == NODE_BINARY && (n.operator== OPERATOR_EQ || n.operator== OPERATOR_NE))
    return build_binary(b, n.operator== OPERATOR_EQ ? OPERATOR_NE : OPERATOR_EQ, type, n.a, n.b);
  if (n.kind == NODE_UNARY && n.operator== OPERATOR_NOT && is_truth(b, n.a))
    return n.a;
  return 0;
}

NodeId build_unary(Builder *b, Operator op, Index type, NodeId operand) {
  const Constant *constant = build_constant_of(b, operand);
  if (constant && op == OPERATOR_NOT)
    return build_constant(b, type, !constant->value, "");
  if (op == OPERATOR_NOT && build_is_object_address(b, operand))
    return build_constant(b, type, 0, "");
  if (constant && is_integer(&b->types.at[type])) {
    uint64_t bits = (uint64_t)constant->value;
    return build_constant(b, type, (int64_t)(op == OPERATOR_NEGATE ? 0 - bits : ~bits),
                          op == OPERATOR_NEGATE ? "" : constant->macro);
  }
  if (op == OPERATOR_NOT) {
    NodeId folded = negate_truth(b, type, operand);
    if (folded)
      return folded;
  }
  return intern(
      b, (Node){.kind = NODE_UNARY, .operator=(uint8_t) op, .type = (uint16_t)type, .a = operand});
}

static bool fold_divide(const Type *type, Operator op, int64_t x, int64_t y, int64_t *result) {
  if (y == 0 || (y == -1 && type->kind == TYPE_SIGNED && x == INT64_MIN))
    return false;
  if (type->kind == TYPE_SIGNED)
    *result = op == OPERATOR_DIVIDE ? x / y : x % y;
  else if (op == OPERATOR_DIVIDE)
    *result = (int64_t)((uint64_t)x / (uint64_t)y);
  else
    *result = (int64_t)((uint64_t)x % (uint64_t)y);
  return true;
}

static int64_t shift_right(const Type *type, int64_t x, uint64_t by) {
  return type->kind == TYPE_SIGNED ? x >> by : (int64_t)((uint64_t)x >> by);
}

/* False when the result is not a number of the machine (division by zero, too wide a shift). */
static bool fold(const Type *operand, const Type *result, Operator op, int64_t x, int64_t y,
                 int64_t *value) {
  uint64_t ux = (uint64_t)x, uy = (uint64_t)y;
  switch (op) {
  case OPERATOR_DIVIDE:
  case OPERATOR_REMAINDER:
    return fold_divide(result, op, x, y, value);
  case OPERATOR_SHIFT_RIGHT:
    *value = uy < 64 ? shift_right(result, x, uy) : 0;
    return uy < 64;
  case OPERATOR_LT:
    *value = operand->kind == TYPE_SIGNED ? x < y : ux < uy;
    return true;
  default:
    return operator_fold(op, x, y, value);
  }
}

static bool is_commutative(Operator op) {
  switch (op) {
  case OPERATOR_ADD:
  case OPERATOR_MULTIPLY:
  case OPERATOR_AND:
  case OPERATOR_OR:
  case OPERATOR_XOR:
  case OPERATOR_EQ:
  case OPERATOR_NE:
    return true;
  default:
    return false;
  }
}

/* Nothing is less than 0 in an unsigned type, or greater than its largest. */
static bool never_less(const Builder *b, NodeId x, NodeId y) {
  const Constant *left = build_constant_of(b, x), *right = build_constant_of(b, y);
  const Type *type = type_of_node(b, left ? y : x);
  if (type->kind != TYPE_UNSIGNED || type->size == 0 || type->size > 8)
    return false;
  uint64_t most = UINT64_MAX >> (64 - 8 * type->size);
  return (right && right->value == 0) || (left && (uint64_t)left->value == most);
}

/* `flag == true`: the truth of a _Bool. */
static NodeId simplify_flag(Builder *b, Operator op, Index type, NodeId x) {
  while (b->nodes.at[x].kind == NODE_CAST && is_integer(type_of_node(b, x)))
    x = b->nodes.at[x].a;
  if (type_of_node(b, x)->kind != TYPE_BOOL)
    return 0;
  NodeId zero = build_constant(b, b->nodes.at[x].type, 0, "");
  return build_binary(b, op == OPERATOR_EQ ? OPERATOR_NE : OPERATOR_EQ, type, x, zero);
}

/* a > b, a >= b and a <= b by LT. 0 when the operator is not one of these. */
static NodeId ordered(Builder *b, Operator op, Index type, NodeId x, NodeId y) {
  if (type_of_node(b, x)->kind == TYPE_FLOAT || type_of_node(b, y)->kind == TYPE_FLOAT)
    return 0;
  switch (op) {
  case OPERATOR_GT:
    return build_binary(b, OPERATOR_LT, type, y, x);
  case OPERATOR_GE:
    return build_unary(b, OPERATOR_NOT, type, build_binary(b, OPERATOR_LT, type, x, y));
  case OPERATOR_LE:
    return build_unary(b, OPERATOR_NOT, type, build_binary(b, OPERATOR_LT, type, y, x));
  default:
    return 0;
  }
}

/* x + 0, (x + 1) + 2, truth != 0 and the like. 0 when nothing applies. */
static NodeId simplify(Builder *b, Operator op, Index type, NodeId x, NodeId y) {
  const Constant *by = build_constant_of(b, y);
  if (!by || !is_integer(&b->types.at[type]))
    return 0;
  Node n = b->nodes.at[x];
  if (by->value == 0 && build_is_object_address(b, x) && (op == OPERATOR_EQ || op == OPERATOR_NE))
    return build_constant(b, type, op == OPERATOR_NE, "");
  if (by->value == 0 && (op == OPERATOR_ADD || op == OPERATOR_SUBTRACT || op == OPERATOR_OR))
    return b->plain.at[n.type] == b->plain.at[type] ? x : 0;
  if (by->value == 0 && op == OPERATOR_NE && is_truth(b, x))
    return x;
  if (by->value == 0 && op == OPERATOR_EQ && is_truth(b, x))
    return build_unary(b, OPERATOR_NOT, type, x);
  if (by->value == 1 && (op == OPERATOR_EQ || op == OPERATOR_NE)) {
    NodeId flag = simplify_flag(b, op, type, x);
    if (flag)
      return flag;
  }
  if (op == OPERATOR_ADD && n.kind == NODE_BINARY &&
      n.operator== OPERATOR_ADD && build_constant_of(b, n.b) &&
      b->plain.at[n.type] == b->plain.at[type]) {
    NodeId sum = build_binary(b, OPERATOR_ADD, type, n.b, y);
    return build_binary(b, OPERATOR_ADD, type, n.a, sum);
  }
  return 0;
}

NodeId build_binary(Builder *b, Operator op, Index type, NodeId x, NodeId y) {
  NodeId lesser = ordered(b, op, type, x, y);
  if (lesser)
    return lesser;
  const Constant *left = build_constant_of(b, x), *right = build_constant_of(b, y);
  int64_t value;
  if (left && right &&
      fold(type_of_node(b, x), &b->types.at[type], op, left->value, right->value, &value))
    return build_constant(b, type, value, "");
  if (left && !right && is_commutative(op)) {
    NodeId swap = x;
    x = y;
    y = swap;
  }
  if (op == OPERATOR_LT && never_less(b, x, y))
    return build_constant(b, type, 0, "");
  NodeId simpler = simplify(b, op, type, x, y);
  if (simpler)
    return simpler;
  return intern(
      b,
      (Node){.kind = NODE_BINARY, .operator=(uint8_t) op, .type = (uint16_t)type, .a = x, .b = y});
}

/* ---- casts */

static bool keeps_value(const Type *to, const Type *from) {
  if (to->kind == TYPE_VOID || to->kind == TYPE_ARRAY)
    return true;
  if (to->kind == TYPE_POINTER || to->kind == TYPE_FUNCTION)
    return from->kind == TYPE_POINTER || from->kind == TYPE_FUNCTION || from->kind == TYPE_ARRAY;
  if (to->kind != from->kind)
    return false;
  return to->size == from->size || to->kind == TYPE_RECORD;
}

/* The offset of a place that starts at a constant address: offsetof by hand. */
static bool constant_address(const Builder *b, NodeId value, int64_t *address) {
  int64_t sum = 0;
  if (b->nodes.at[value].kind != NODE_ADDRESS)
    return false;
  NodeId place = b->nodes.at[value].a;
  while (b->nodes.at[place].kind == NODE_FIELD || b->nodes.at[place].kind == NODE_INDEX) {
    const Node *n = &b->nodes.at[place];
    if (n->kind == NODE_FIELD) {
      sum += (int64_t)b->symbols.at[n->b].offset;
    } else {
      const Constant *index = build_constant_of(b, n->b);
      if (!index)
        return false;
      sum += index->value * (int64_t)b->types.at[n->type].size;
    }
    place = n->a;
  }
  if (b->nodes.at[place].kind != NODE_DEREF)
    return false;
  const Constant *base = build_constant_of(b, b->nodes.at[place].a);
  *address = sum + (base ? base->value : 0);
  return base != NULL;
}

/* (unsigned)1e9: programmers write large round numbers so. */
static bool whole_number(const Builder *b, NodeId value, int64_t *number) {
  const Node *n = &b->nodes.at[value];
  if (n->kind != NODE_FLOATING)
    return false;
  double real = strtod(b->texts.at[n->a], NULL);
  if (!(real > -9e18 && real < 9e18))
    return false;
  *number = (int64_t)real;
  return true;
}

NodeId build_cast(Builder *b, Index type, NodeId value) {
  int64_t number;
  if (is_integer(&b->types.at[type]) && b->types.at[type].kind != TYPE_BOOL &&
      whole_number(b, value, &number))
    return build_constant(b, type, number, "");
  const Type *to = &b->types.at[type], *from = type_of_node(b, value);
  const Constant *constant = build_constant_of(b, value);
  if (constant && (is_integer(to) || to->kind == TYPE_POINTER))
    return b->plain.at[type] == b->plain.at[b->nodes.at[value].type]
               ? value
               : build_constant(b, type, constant->value, constant->macro);
  if (keeps_value(to, from))
    return value;
  if (to->kind == TYPE_BOOL && (is_integer(from) || from->kind == TYPE_POINTER)) {
    if (is_truth(b, value))
      return value;
    return build_binary(b, OPERATOR_NE, type, value,
                        build_constant(b, b->nodes.at[value].type, 0, ""));
  }
  int64_t address;
  if (is_integer(to) && constant_address(b, value, &address))
    return build_constant(b, type, address, "");
  Node n = b->nodes.at[value];
  if (n.kind == NODE_CAST && from->size >= to->size && from->kind != TYPE_FLOAT &&
      from->kind != TYPE_BOOL && keeps_value(to, type_of_node(b, n.a)))
    return n.a; // widened and narrowed again, or pointer to integer and back
  return leaf(b, NODE_CAST, type, value);
}
