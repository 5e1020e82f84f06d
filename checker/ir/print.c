/* print.c - functions as text, see print.h. Temps have numbers here, and everything is shown as it
 * is stored: the expected IR of tests/lower/ is compared with these lines.
 */
#include "ir/print.h"

#include <string.h>

#include "ir/print_internal.h"

const FlagName function_flags[] = {{FUNCTION_INTERNAL, "internal"},
                                   {FUNCTION_WEAK, "weak"},
                                   {FUNCTION_INLINE, "inline"},
                                   {FUNCTION_VARIADIC, "variadic"},
                                   {FUNCTION_NORETURN, "noreturn"},
                                   {FUNCTION_TAINTED, "tainted"},
                                   {FUNCTION_INITIALISER, "initialiser"},
                                   {FUNCTION_CONSTRUCTOR, "constructor"},
                                   {FUNCTION_DESTRUCTOR, "destructor"},
                                   {FUNCTION_IN_HEADER, "in-header"},
                                   {FUNCTION_COMPUTED_GOTO, "computed-goto"},
                                   {0, NULL}};

static const FlagName local_flags[] = {{LOCAL_ADDRESS_TAKEN, "memory"},
                                       {LOCAL_HIDDEN, "hidden"},
                                       {LOCAL_VLA, "vla"},
                                       {LOCAL_CLEANUP, "cleanup"},
                                       {0, NULL}};

const FlagName call_flags[] = {
    {CALL_SCOPE_CLEANUP, "cleanup"}, {CALL_NORETURN, "noreturn"}, {CALL_TAIL, "tail"}, {0, NULL}};

void printer_flags(Printer *p, const FlagName *names, uint32_t flags) {
  for (; names->name; names++)
    if (flags & names->bit)
      printer_format(p, " %s", names->name);
}

static void print_line(FILE *out, const Printer *p, const Location *at, bool lines) {
  fputs(p->text, out);
  if (lines && at) {
    fprintf(out, "%*s; ", p->length < 56 ? (int)(56 - p->length) : 1, "");
    if (at->file)
      fprintf(out, "%s:", p->function->files[at->file]);
    fprintf(out, "%u:%u", location_line(p->function, at), at->column);
    if (*at->macro)
      fprintf(out, " %s", at->macro);
    if (at->spelling_line)
      fprintf(out, " (%s:%d)", p->function->files[at->spelling_file], at->spelling_line);
  }
  fputc('\n', out);
}

static void print_head(FILE *out, const Function *f) {
  Printer p = printer_new(f, true);
  printer_format(&p, "function %.200s(", f->name);
  for (uint32_t i = 0; i < f->parameter_count; i++) {
    printer_add(&p, i ? ", " : "");
    printer_local(&p, i);
    printer_add(&p, ": ");
    printer_type(&p, f->locals[i].type);
    printer_flags(&p, local_flags, f->locals[i].flags);
  }
  printer_add(&p, "): ");
  printer_type(&p, f->result_type);
  printer_flags(&p, function_flags, f->flags);
  print_line(out, &p, NULL, false);
  if (f->flags & FUNCTION_INCOMPLETE)
    fprintf(out, "  incomplete: %s\n", f->incomplete);
  for (uint32_t i = f->parameter_count; i < f->local_count; i++) {
    p = printer_new(f, true);
    printer_add(&p, "  local ");
    printer_local(&p, i);
    printer_add(&p, ": ");
    printer_type(&p, f->locals[i].type);
    printer_flags(&p, local_flags, f->locals[i].flags);
    print_line(out, &p, NULL, false);
  }
}

static void add_args(Printer *p, const Instruction *in) {
  for (uint32_t i = 0; i < in->arg_count; i++) {
    printer_add(p, i ? ", " : "");
    printer_node(p, p->function->args[in->args + i]);
  }
}

static void add_call(Printer *p, const Instruction *in) {
  bool direct = p->function->nodes[in->a].kind == NODE_FUNCTION;
  printer_add(p, direct ? "call " : "call *");
  printer_node(p, in->a);
  printer_add(p, "(");
  add_args(p, in);
  printer_add(p, ")");
  printer_flags(p, call_flags, in->flags);
}

static void add_instruction(Printer *p, const Instruction *in) {
  switch ((InstructionKind)in->kind) {
  case INST_LOAD:
  case INST_COPY:
    printer_add(p, in->kind == INST_LOAD ? "load " : "copy ");
    printer_node(p, in->a);
    break;
  case INST_STORE:
    printer_add(p, "store ");
    printer_node(p, in->a);
    printer_add(p, " = ");
    printer_node(p, in->b);
    break;
  case INST_CALL:
    add_call(p, in);
    break;
  case INST_DECLARE:
  case INST_SCOPE_END:
    printer_add(p, in->kind == INST_DECLARE ? "declare " : "end ");
    printer_local(p, in->a);
    printer_add(p, in->arg_count ? " size " : "");
    add_args(p, in);
    break;
  case INST_ASM:
  case INST_HIDDEN:
    printer_add(p, in->kind == INST_ASM ? "asm(" : "hidden(");
    add_args(p, in);
    printer_add(p, ")");
    break;
  case INST_KINDS:
    break;
  }
}

static void print_instruction(FILE *out, const Function *f, uint32_t index, bool lines) {
  const Instruction *in = &f->instructions[index];
  Printer p = printer_new(f, true);
  printer_add(&p, "  ");
  if (in->result)
    printer_format(&p, "t%u = ", in->result);
  add_instruction(&p, in);
  print_line(out, &p, &f->locations[f->instruction_locations[index]], lines);
}

static void add_case(Printer *p, const Edge *edge, bool is_default) {
  if (is_default)
    printer_add(p, "default");
  else if (edge->low == edge->high)
    printer_format(p, "%lld", (long long)edge->low);
  else
    printer_format(p, "%lld..%lld", (long long)edge->low, (long long)edge->high);
  printer_format(p, ": b%u", edge->block);
}

/* A switch may have thousands of cases, so each has a line of its own when there are many. */
static void print_switch(FILE *out, Printer *p, const Block *block, bool lines) {
  const Function *f = p->function;
  const Edge *edges = f->edges + block->edges;
  const Location *at = &f->locations[block->location];
  printer_add(p, "switch ");
  printer_node(p, block->value);
  if (block->edge_count <= 8) {
    for (uint32_t e = 0; e < block->edge_count; e++) {
      printer_add(p, e ? ", " : " { ");
      add_case(p, &edges[e], e + 1 == block->edge_count);
    }
    printer_add(p, " }");
    print_line(out, p, at, lines);
    return;
  }
  print_line(out, p, at, lines);
  for (uint32_t e = 0; e < block->edge_count; e++) {
    *p = printer_new(f, true);
    printer_add(p, "    ");
    add_case(p, &edges[e], e + 1 == block->edge_count);
    print_line(out, p, at, false);
  }
}

static void add_indirect(Printer *p, const Block *block) {
  const Function *f = p->function;
  printer_add(p, "goto *");
  if (block->value)
    printer_node(p, block->value);
  for (uint32_t e = 0; e < block->edge_count; e++)
    printer_format(p, "%sb%u", e ? ", " : " { ", f->edges[block->edges + e].block);
  printer_add(p, block->edge_count ? " }" : "");
}

static void add_terminator(Printer *p, const Block *block) {
  const Edge *edges = p->function->edges + block->edges;
  switch ((TerminatorKind)block->terminator) {
  case TERM_JUMP:
    printer_format(p, "jump b%u", edges[0].block);
    break;
  case TERM_BRANCH:
    printer_add(p, "branch ");
    printer_node(p, block->value);
    printer_format(p, " ? b%u : b%u", edges[0].block, edges[1].block);
    break;
  case TERM_RETURN:
    printer_add(p, block->value ? "return " : "return");
    if (block->value)
      printer_node(p, block->value);
    break;
  case TERM_INDIRECT:
    add_indirect(p, block);
    break;
  case TERM_UNREACHABLE:
    printer_add(p, "unreachable");
    break;
  case TERM_SWITCH:
    break;
  }
}

void function_print(FILE *out, const Function *f, bool lines) {
  print_head(out, f);
  for (uint32_t b = 0; b < f->block_count; b++) {
    const Block *block = &f->blocks[b];
    fprintf(out, "b%u:\n", b);
    for (uint32_t i = 0; i < block->count; i++)
      print_instruction(out, f, block->first + i, lines);
    Printer p = printer_new(f, true);
    printer_add(&p, "  ");
    if (block->terminator == TERM_SWITCH) {
      print_switch(out, &p, block, lines);
      continue;
    }
    add_terminator(&p, block);
    print_line(out, &p, &f->locations[block->location], lines);
  }
}
