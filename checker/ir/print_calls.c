/* print_calls.c - a function reduced to its call sites and edges, for the comparison with gcc. */
#include "ir/print.h"

#include "ir/print_internal.h"

static bool is_number(const Function *f, NodeId id) {
  const Node *n = &f->nodes[id];
  while (n->kind == NODE_CAST) // 0 as a double
    n = &f->nodes[n->a];
  return n->kind == NODE_CONSTANT || n->kind == NODE_FLOATING;
}

static bool is_truth(const Node *n) {
  return (n->kind == NODE_UNARY && n->operator == OPERATOR_NOT) ||
         (n->kind == NODE_BINARY && n->operator >= OPERATOR_EQ);
}

/* Compilers write one condition in several ways: x > 4, x >= 5 and 4 < x. True for the half of
 * them that holds for equal or small values, false for the other half; a comparison of two
 * variables is true when it is strict. */
static bool condition_sense(const Function *f, NodeId id) {
  bool sense = true;
  for (;;) {
    const Node *n = &f->nodes[id];
    if (n->kind == NODE_UNARY && n->operator == OPERATOR_NOT) {
      if (!is_truth(&f->nodes[n->a]) && f->nodes[n->a].kind != NODE_CAST)
        return sense; // !x is x == 0
      sense = !sense;
      id = n->a;
      continue;
    }
    if (n->kind == NODE_CAST && (is_truth(&f->nodes[n->a]) || f->nodes[n->a].kind == NODE_CAST)) {
      id = n->a;
      continue;
    }
    if (n->kind != NODE_BINARY || n->operator < OPERATOR_EQ)
      return !sense; // x is x != 0
    bool left = is_number(f, n->a), right = is_number(f, n->b);
    switch ((Operator)n->operator) {
    case OPERATOR_EQ:
    case OPERATOR_NE:
      if (right && is_truth(&f->nodes[n->a])) {
        sense = n->operator == OPERATOR_EQ ? !sense : sense;
        id = n->a;
        continue;
      }
      return (n->operator == OPERATOR_EQ) == sense;
    case OPERATOR_LT: return left ? !sense : sense;
    case OPERATOR_LE: return right ? sense : !sense;
    case OPERATOR_GT: return right ? !sense : sense;
    default: return !sense;
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
      fprintf(out, " %c", condition_sense(f, block->value) ? '+' : '-');
    fputc('\n', out);
  }
}
