/* print_node.c - nodes as C.
 *
 * For people (`exact` is off) the canonical forms are undone: a temp becomes the expression that
 * it was loaded from, NOT(LT(b, a)) becomes a <= b, implicit casts vanish. Nodes are DAGs, so the
 * full text of one may be exponential, and a chain of them may be as deep as the source is long:
 * both the length and the depth are limited, and every binary step writes something.
 */
#include <string.h>

#include "ir/check.h"
#include "ir/print_internal.h"

enum { DEPTH_LIMIT = 64, STRING_LIMIT = 40 };

/* How tightly an expression binds; operands that bind less get parentheses. */
typedef enum {
  BINDS_ALL,
  BINDS_OR,
  BINDS_XOR,
  BINDS_AND,
  BINDS_EQUALITY,
  BINDS_RELATION,
  BINDS_SHIFT,
  BINDS_SUM,
  BINDS_PRODUCT,
  BINDS_UNARY,
  BINDS_POSTFIX,
} Binding;

static const struct {
  const char *text;
  Binding binding;
} operators[OPERATOR_COUNT] = {
    [OPERATOR_NEGATE] = {"-", BINDS_UNARY},        [OPERATOR_COMPLEMENT] = {"~", BINDS_UNARY},
    [OPERATOR_NOT] = {"!", BINDS_UNARY},           [OPERATOR_ADD] = {" + ", BINDS_SUM},
    [OPERATOR_SUBTRACT] = {" - ", BINDS_SUM},      [OPERATOR_MULTIPLY] = {" * ", BINDS_PRODUCT},
    [OPERATOR_DIVIDE] = {" / ", BINDS_PRODUCT},    [OPERATOR_REMAINDER] = {" % ", BINDS_PRODUCT},
    [OPERATOR_SHIFT_LEFT] = {" << ", BINDS_SHIFT}, [OPERATOR_SHIFT_RIGHT] = {" >> ", BINDS_SHIFT},
    [OPERATOR_AND] = {" & ", BINDS_AND},           [OPERATOR_OR] = {" | ", BINDS_OR},
    [OPERATOR_XOR] = {" ^ ", BINDS_XOR},           [OPERATOR_EQ] = {" == ", BINDS_EQUALITY},
    [OPERATOR_NE] = {" != ", BINDS_EQUALITY},      [OPERATOR_LT] = {" < ", BINDS_RELATION},
    [OPERATOR_LE] = {" <= ", BINDS_RELATION},      [OPERATOR_GT] = {" > ", BINDS_RELATION},
    [OPERATOR_GE] = {" >= ", BINDS_RELATION},
};

static void print_node(Printer *p, NodeId id, Binding need);

/* ---- leaves */
static bool is_shadowed(const Function *f, const char *name) {
  for (uint32_t i = 0; i < f->local_count; i++)
    if (!strcmp(f->locals[i].name, name))
      return true;
  return false;
}

static void print_symbol(Printer *p, uint32_t symbol) {
  const char *name = p->function->symbols[symbol].name;
  if (p->exact && is_shadowed(p->function, name))
    printer_add(p, "@");
  printer_add(p, name);
}

static const Type *type_of(const Printer *p, NodeId id) {
  return &p->function->types[p->function->nodes[id].type];
}

static bool is_constant(const Printer *p, NodeId id) {
  return p->function->nodes[id].kind == NODE_CONSTANT;
}

static int64_t constant_of(const Printer *p, NodeId id) {
  return p->function->constants[p->function->nodes[id].a].value;
}

static void print_number(Printer *p, NodeId id) {
  int64_t value = constant_of(p, id);
  const Type *type = type_of(p, id);
  if (type->kind == TYPE_POINTER && !value)
    printer_add(p, "NULL");
  else if (type->kind == TYPE_UNSIGNED || type->kind == TYPE_POINTER)
    printer_format(p, "%llu", (unsigned long long)value);
  else
    printer_format(p, "%lld", (long long)value);
}

static void print_constant(Printer *p, NodeId id, Binding need) {
  const char *macro = p->function->constants[p->function->nodes[id].a].macro;
  bool negative = type_of(p, id)->kind == TYPE_SIGNED && constant_of(p, id) < 0;
  if (!strcmp(macro, "NULL") && !constant_of(p, id)) {
    printer_add(p, "NULL");
  } else if (*macro && p->exact) {
    printer_format(p, "%.100s{", macro);
    print_number(p, id);
    printer_add(p, "}");
  } else if (*macro) {
    printer_add(p, macro);
  } else if (negative && need > BINDS_UNARY) {
    printer_add(p, "(");
    print_number(p, id);
    printer_add(p, ")");
  } else {
    print_number(p, id);
  }
}

static void print_string(Printer *p, const char *text) {
  printer_add(p, "\"");
  unsigned count = 0;
  for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
    if (++count > STRING_LIMIT && (*c & 0xc0) != 0x80) {
      printer_add(p, "...");
      break;
    }
    if (*c == '\n')
      printer_add(p, "\\n");
    else if (*c == '\t')
      printer_add(p, "\\t");
    else if (*c == '"' || *c == '\\')
      printer_format(p, "\\%c", *c);
    else if (*c < 0x20 || *c == 0x7f)
      printer_format(p, "\\%03o", *c);
    else
      printer_add_n(p, (const char *)c, 1);
  }
  printer_add(p, "\"");
}

/* ---- temps and hidden locals, for people: what they stand for */
static void print_call(Printer *p, const Instruction *call) {
  print_node(p, call->a, BINDS_POSTFIX);
  printer_add(p, "(");
  for (uint32_t i = 0; i < call->arg_count && !p->full; i++) {
    printer_add(p, i ? ", " : "");
    print_node(p, p->function->args[call->args + i], BINDS_ALL);
  }
  printer_add(p, ")");
}

static void print_temp(Printer *p, uint32_t temp, Binding need) {
  const Function *f = p->function;
  if (p->exact) {
    printer_format(p, "t%u", temp);
    return;
  }
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *in = &f->instructions[i];
    if (in->result != temp)
      continue;
    if (in->kind == INST_CALL)
      print_call(p, in);
    else if (in->kind == INST_LOAD || in->kind == INST_COPY)
      print_node(p, in->a, need);
    else
      printer_add(p, "(...)");
    return;
  }
  printer_add(p, "(...)");
}

/* A hidden local that is set once is what it was set to: the value of a statement expression. */
static void print_hidden(Printer *p, Index local, Binding need) {
  const Function *f = p->function;
  const Instruction *store = NULL;
  unsigned stores = 0;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *in = &f->instructions[i];
    if (in->kind == INST_STORE && f->nodes[in->a].kind == NODE_LOCAL &&
        f->nodes[in->a].a == local) {
      store = in;
      stores++;
    }
  }
  if (stores == 1)
    print_node(p, store->b, need);
  else
    printer_add(p, "(...)");
}

static void print_local(Printer *p, Index local, Binding need) {
  if (!p->exact && !*p->function->locals[local].name)
    print_hidden(p, local, need);
  else
    printer_local(p, local);
}

/* ---- operators */
static void open_group(Printer *p, Binding binding, Binding need) {
  if (binding < need)
    printer_add(p, "(");
}

static void close_group(Printer *p, Binding binding, Binding need) {
  if (binding < need)
    printer_add(p, ")");
}

static void print_infix(Printer *p, Operator operator, NodeId a, NodeId b, Binding need) {
  Binding binding = operators[operator].binding;
  /* Bit operators and shifts beside others are hard to read without parentheses. */
  Binding left = binding < BINDS_EQUALITY || binding == BINDS_SHIFT ? BINDS_UNARY : binding;
  if (p->function->nodes[a].operator== operator)
    left = binding;
  open_group(p, binding, need);
  print_node(p, a, left);
  printer_add(p, operators[operator].text);
  print_node(p, b, left == binding ? binding + 1 : left);
  close_group(p, binding, need);
}

static void print_prefix(Printer *p, const char *operator, NodeId a, Binding need) {
  open_group(p, BINDS_UNARY, need);
  printer_add(p, operator);
  print_node(p, a, BINDS_UNARY);
  close_group(p, BINDS_UNARY, need);
}

/* x < 5 was hardly written as 5 > x, so a constant goes to the right. */
static void print_less(Printer *p, NodeId a, NodeId b, bool negated, Binding need) {
  if (is_constant(p, a))
    print_infix(p, negated ? OPERATOR_LE : OPERATOR_GT, b, a, need);
  else if (!negated)
    print_infix(p, OPERATOR_LT, a, b, need);
  else if (is_constant(p, b))
    print_infix(p, OPERATOR_GE, a, b, need);
  else
    print_infix(p, OPERATOR_LE, b, a, need);
}

static void print_not(Printer *p, NodeId a, Binding need) {
  const Node *inner = &p->function->nodes[a];
  if (p->exact || inner->kind != NODE_BINARY)
    print_prefix(p, "!", a, need);
  else if (inner->operator== OPERATOR_LT)
    print_less(p, inner->a, inner->b, true, need);
  else if (inner->operator== OPERATOR_EQ || inner->operator== OPERATOR_NE)
    print_infix(p, inner->operator== OPERATOR_EQ ? OPERATOR_NE : OPERATOR_EQ, inner->a, inner->b,
                need);
  else
    print_prefix(p, "!", a, need);
}

/* Pointers lose their casts, so what is counted may not be what the operand points to. */
static bool counts_otherwise(const Printer *p, const Node *n) {
  const Type *types = p->function->types;
  const Type *type = &types[n->type], *operand = type_of(p, n->a);
  return type->kind == TYPE_POINTER && operand->kind == TYPE_POINTER &&
         types[type->element].size != types[operand->element].size;
}

/* p + 3, p - 3, p - n */
static void print_shift(Printer *p, const Node *n, Binding need) {
  const Node *by = &p->function->nodes[n->b];
  open_group(p, BINDS_SUM, need);
  if (counts_otherwise(p, n)) {
    printer_add(p, "(");
    printer_type(p, n->type);
    printer_add(p, ")");
  }
  print_node(p, n->a, BINDS_SUM);
  if (is_constant(p, n->b) && constant_of(p, n->b) < 0 && constant_of(p, n->b) != INT64_MIN) {
    printer_format(p, " - %lld", (long long)-constant_of(p, n->b));
  } else if (by->kind == NODE_UNARY && by->operator== OPERATOR_NEGATE) {
    printer_add(p, " - ");
    print_node(p, by->a, BINDS_PRODUCT);
  } else {
    printer_add(p, " + ");
    print_node(p, n->b, BINDS_PRODUCT);
  }
  close_group(p, BINDS_SUM, need);
}

static void print_cast(Printer *p, const Node *n, Binding need) {
  if (!p->exact) { // implicit or not, nobody can tell
    print_node(p, n->a, need);
    return;
  }
  open_group(p, BINDS_UNARY, need);
  printer_add(p, "(");
  printer_type(p, n->type);
  printer_add(p, ")");
  print_node(p, n->a, BINDS_UNARY);
  close_group(p, BINDS_UNARY, need);
}

/* ---- places */
static void print_deref(Printer *p, const Node *n, Binding need) {
  const Node *pointer = &p->function->nodes[n->a];
  if (pointer->kind != NODE_SHIFT) {
    print_prefix(p, "*", n->a, need);
    return;
  }
  print_node(p, pointer->a, BINDS_POSTFIX);
  printer_add(p, "[");
  print_node(p, pointer->b, BINDS_ALL);
  printer_add(p, "]");
}

static void print_field(Printer *p, const Node *n) {
  const Function *f = p->function;
  const Node *place = &f->nodes[n->a];
  bool arrow = place->kind == NODE_DEREF && f->nodes[place->a].kind != NODE_SHIFT;
  print_node(p, arrow ? place->a : n->a, BINDS_POSTFIX);
  if (!*f->symbols[n->b].name) // an anonymous struct or union inside
    return;
  printer_add(p, arrow ? "->" : ".");
  printer_add(p, f->symbols[n->b].name);
}

static void print_index(Printer *p, const Node *n) {
  print_node(p, n->a, BINDS_POSTFIX);
  printer_add(p, "[");
  print_node(p, n->b, BINDS_ALL);
  printer_add(p, "]");
}

/* An array's name is the address of its first element. */
static void print_address(Printer *p, const Node *n, Binding need) {
  const Node *place = &p->function->nodes[n->a];
  if (!p->exact && place->kind == NODE_INDEX && is_constant(p, place->b) &&
      !constant_of(p, place->b))
    print_node(p, place->a, need);
  else
    print_prefix(p, "&", n->a, need);
}

static void print_kind(Printer *p, NodeId id, Binding need) {
  const Function *f = p->function;
  const Node *n = &f->nodes[id];
  switch ((NodeKind)n->kind) {
  case NODE_CONSTANT:
    print_constant(p, id, need);
    break;
  case NODE_FLOATING:
    printer_add(p, f->texts[n->a]);
    break;
  case NODE_STRING:
    print_string(p, f->texts[n->a]);
    break;
  case NODE_VAR:
  case NODE_LOCAL:
    print_local(p, n->a, need);
    break;
  case NODE_TEMP:
    print_temp(p, n->a, need);
    break;
  case NODE_FUNCTION:
  case NODE_GLOBAL:
    print_symbol(p, n->a);
    break;
  case NODE_ADDRESS:
    print_address(p, n, need);
    break;
  case NODE_UNARY:
    if (n->operator== OPERATOR_NOT)
      print_not(p, n->a, need);
    else
      print_prefix(p, operators[n->operator].text, n->a, need);
    break;
  case NODE_BINARY:
    if (n->operator== OPERATOR_LT && !p->exact)
      print_less(p, n->a, n->b, false, need);
    else
      print_infix(p, (Operator)n->operator, n->a, n->b, need);
    break;
  case NODE_CAST:
    print_cast(p, n, need);
    break;
  case NODE_SHIFT:
    print_shift(p, n, need);
    break;
  case NODE_DEREF:
    print_deref(p, n, need);
    break;
  case NODE_FIELD:
    print_field(p, n);
    break;
  case NODE_INDEX:
    print_index(p, n);
    break;
  case NODE_UNKNOWN:
    printer_add(p, p->exact ? "?" : "(...)");
    break;
  case NODE_NONE:
  case NODE_KINDS:
    printer_add(p, "(none)");
    break;
  }
}

static void print_node(Printer *p, NodeId id, Binding need) {
  if (p->full)
    return;
  if (p->depth == DEPTH_LIMIT) {
    printer_add(p, "...");
    return;
  }
  p->depth++;
  print_kind(p, id, need);
  p->depth--;
}

void printer_node(Printer *p, NodeId id) { print_node(p, id, BINDS_ALL); }

void node_print(FILE *out, const Function *f, NodeId id) {
  Printer p = printer_new(f, false);
  printer_node(&p, id);
  fputs(p.text, out);
}

const char *node_text(Arena *arena, const Function *f, NodeId id) {
  Printer p = printer_new(f, false);
  printer_node(&p, id);
  return arena_text_n(arena, p.text, p.length);
}
