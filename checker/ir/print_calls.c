/* print_calls.c - a function reduced to its call sites and edges, for the comparison with gcc. */
#include "ir/print.h"

#include "ir/parts.h"
#include "ir/print_internal.h"

/* ---- senses
 *
 * Compilers write one condition in several ways: x > 4, x >= 5 and 4 < x. Its sense is '+' for the
 * half of these that hold for equal or small values, '-' for the other half; a comparison of two
 * variables is '+' when it is strict. '?' where compilers are known to turn one half into the
 * other, as in x < INT_MAX, which is x != INT_MAX.
 */
static const Node *plain_node(const Function *f, NodeId id) {
  return &f->nodes[without_casts(f, id)];
}

static bool is_plain_number(const Node *n) {
  return n->kind == NODE_CONSTANT || n->kind == NODE_FLOATING;
}

/* Also arithmetic on numbers, which is not folded for floating point: 1.0 / 30.0 * LIMIT. */
static bool is_number(const Function *f, NodeId id) {
  const Node *n = plain_node(f, id);
  while (n->kind == NODE_BINARY && is_plain_number(plain_node(f, n->b)))
    n = plain_node(f, n->a);
  return is_plain_number(n);
}

static const Constant *constant_of(const Function *f, NodeId id) {
  const Node *n = &f->nodes[id];
  return n->kind == NODE_CONSTANT ? &f->constants[n->a] : NULL;
}

static bool is_binary(const Node *n, Operator op) {
  return n->kind == NODE_BINARY && n->operator== op;
}

static bool is_truth(const Node *n) {
  return (n->kind == NODE_UNARY && n->operator== OPERATOR_NOT) ||
         (n->kind == NODE_BINARY && n->operator>= OPERATOR_EQ);
}

/* a < b + 1 may become a <= b; and what a ?: gave may be a number for others: MAX(4, 5). */
static bool is_sum_or_choice(const Function *f, NodeId id) {
  const Node *n = plain_node(f, id);
  if (n->kind == NODE_VAR && (f->locals[n->a].flags & LOCAL_HIDDEN))
    return true;
  bool adds = is_binary(n, OPERATOR_ADD) || is_binary(n, OPERATOR_SUBTRACT);
  return n->kind == NODE_SHIFT || (adds && is_number(f, n->b));
}

/* At the end of its type's range: x < MAX becomes x != MAX; and past that of a narrower operand:
 * (size_t)i <= HUGE becomes i >= 0. */
static bool is_extreme(const Function *f, NodeId number, NodeId other) {
  const Constant *constant = constant_of(f, number);
  if (!constant)
    return false;
  const Node *operand = plain_node(f, other);
  const Type *type = &f->types[operand->type];
  unsigned bits = type->size && type->size <= 8 ? (unsigned)type->size * 8 : 64;
  uint64_t most = UINT64_MAX >> (64 - bits);
  if (type->kind == TYPE_SIGNED)
    most >>= 1;
  if (type->kind == TYPE_UNSIGNED && (uint64_t)constant->value - most / 2 <= 1)
    return true; // byte >= 0x80 is (signed char)byte < 0
  bool negative = type->kind == TYPE_SIGNED && constant->value < 0;
  return (uint64_t)constant->value >= most - 1 && !negative;
}

/* x & 0x80 and x >> 7 may become (signed char)x < 0. */
static bool is_sign_test(const Function *f, const Node *n) {
  const Constant *by = is_binary(n, OPERATOR_SHIFT_RIGHT) ? constant_of(f, n->b) : NULL;
  if (by && (by->value & 7) == 7)
    return true;
  const Constant *mask = is_binary(n, OPERATOR_AND) ? constant_of(f, n->b) : NULL;
  for (unsigned bit = 7; mask && bit < 64; bit = bit * 2 + 1) {
    uint64_t sign = 1ull << bit, value = (uint64_t)mask->value; // or all from there on: ~0x7f
    if (value == sign || value == 0 - sign || (uint32_t)value == (uint32_t)(0 - sign))
      return true;
  }
  return false;
}

static char sense_of_equal(const Function *f, const Node *n) {
  const Node *left = &f->nodes[n->a];
  const Constant *right = constant_of(f, n->b);
  if (!right && (is_truth(left) || is_truth(&f->nodes[n->b])))
    return '?'; // !a == !b
  if (is_binary(left, OPERATOR_AND) && is_number(f, left->b)) {
    if (!right || right->value || is_sign_test(f, left))
      return '?'; // (x & 4) == 4 is (x & 4) != 0
  }
  return '+';
}

static char sense_of_order(const Function *f, const Node *n) {
  bool left = is_number(f, n->a), right = is_number(f, n->b);
  if (left || right) {
    if (is_extreme(f, left ? n->a : n->b, left ? n->b : n->a))
      return '?';
    bool less = n->operator== OPERATOR_LT || n->operator== OPERATOR_LE;
    return less == right ? '+' : '-';
  }
  if (is_sum_or_choice(f, n->a) || is_sum_or_choice(f, n->b))
    return '?';
  return n->operator== OPERATOR_LT || n->operator== OPERATOR_GT ? '+' : '-';
}

static char flipped(char sense, bool flip) {
  return !flip || sense == '?' ? sense : sense == '+' ? '-' : '+';
}

/* What a temp is a copy of: the value of a statement expression. */
static NodeId copied(const Function *f, NodeId id) {
  for (uint32_t i = 0; f->nodes[id].kind == NODE_TEMP && i < f->instruction_count; i++)
    if (f->instructions[i].result == f->nodes[id].a)
      return f->instructions[i].kind == INST_COPY ? f->instructions[i].a : id;
  return id;
}

static char condition_sense(const Function *f, NodeId id) {
  id = copied(f, id);
  for (bool flip = false;;) {
    const Node *n = &f->nodes[id], *below = &f->nodes[n->a];
    bool wraps = n->kind == NODE_CAST || (n->kind == NODE_UNARY && n->operator== OPERATOR_NOT);
    bool compares = is_binary(n, OPERATOR_EQ) || is_binary(n, OPERATOR_NE);
    const Constant *with = compares ? constant_of(f, n->b) : NULL;
    if ((wraps || (with && !with->value)) && (is_truth(below) || below->kind == NODE_CAST)) {
      flip ^= n->kind == NODE_UNARY || is_binary(n, OPERATOR_EQ);
      id = n->a;
    } else if (compares) {
      return flipped(sense_of_equal(f, n), flip ^ (n->operator== OPERATOR_NE));
    } else if (is_truth(n) && n->kind == NODE_BINARY) {
      return flipped(sense_of_order(f, n), flip);
    } else { // x is x != 0, !x is x == 0
      if (is_sign_test(f, n) || is_sign_test(f, below))
        return '?';
      return flipped('-', flip ^ (n->kind == NODE_UNARY && n->operator== OPERATOR_NOT));
    }
  }
}

static void print_site(FILE *out, const Function *f, uint32_t index) {
  const Instruction *in = &f->instructions[index];
  const Node *callee = &f->nodes[in->a];
  const Location *at = &f->locations[f->instruction_locations[index]];
  Printer p = printer_new(f, true);
  printer_flags(&p, call_flags, in->flags);
  fprintf(out, "call %u %s %s%s\n", location_line(f, at),
          callee->kind == NODE_FUNCTION ? f->symbols[callee->a].name : "*",
          at->file < f->file_count ? f->files[at->file] : f->source, p.text);
}

void function_print_calls(FILE *out, const Function *f) {
  static const char *const kinds[] = {"jump", "branch", "switch", "return", "goto", "unreachable"};
  Printer p = printer_new(f, true);
  printer_flags(&p, function_flags, f->flags);
  fprintf(out, "function %s %u %u %s%s%s\n", f->name, f->line, f->end_line, f->source,
          f->flags & FUNCTION_INCOMPLETE ? " incomplete" : "", p.text);
  for (uint32_t b = 0; b < f->block_count; b++) {
    const Block *block = &f->blocks[b];
    fprintf(out, "block %u\n", b);
    for (uint32_t i = 0; i < block->count; i++)
      if (f->instructions[block->first + i].kind == INST_CALL)
        print_site(out, f, block->first + i);
    fputs(kinds[block->terminator], out);
    for (uint32_t e = 0; e < block->edge_count; e++)
      fprintf(out, " %u", f->edges[block->edges + e].block);
    if (block->terminator == TERM_BRANCH)
      fprintf(out, " %c", condition_sense(f, block->value));
    fputc('\n', out);
  }
}
