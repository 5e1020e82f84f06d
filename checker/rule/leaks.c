/* leaks.c - rows of what functions open and lose, and where that is told. */
#include <string.h>

#include "base/guard.h"
#include "rule/pass.h"

void judge_leak(Pass *pass, const Leak *leak) {
  for (size_t i = 0; i < rule_count; i++) {
    pass->rule = all_rules[i];
    if (pass->rule->on_leak)
      pass->rule->on_leak(pass, leak);
  }
}

/* The way comes to a block that others come to as well, by a jump that somebody wrote. */
static bool is_jump_to(const Engine *e, const State *from, Index to) {
  const Block *block = &e->f->blocks[from->block];
  return block->terminator == TERM_JUMP && !block->count && e->cfg->predecessor_counts[to] > 1;
}

/* What is lost by a return that other ways share is told at the jump to it. */
Position leak_position(const Pass *pass, const Leak *leak) {
  const Engine *e = pass->engine;
  if (leak->lost != NO_INSTRUCTION)
    return instruction_position(pass, leak->lost);
  Index opened = e->inst_blocks[leak->opened], block = leak->block;
  for (const State *at = leak->last; at->parent_count && at->block != opened; at = at->parents[0]) {
    if (is_jump_to(e, at->parents[0], at->block)) {
      block = at->parents[0]->block;
      break;
    }
    if (e->f->blocks[at->parents[0]->block].edge_count > 1 &&
        e->cfg->predecessor_counts[at->block] == 1)
      break;
  }
  return position_of(e->function, block, true);
}

const char *callee_at(Pass *pass, uint32_t instruction) {
  const Engine *e = pass->engine;
  const Node *callee = &e->f->nodes[e->f->instructions[instruction].a];
  return callee->kind == NODE_FUNCTION ? e->f->symbols[callee->a].name : "";
}

const char *resource_kind(const Pass *pass, const Leak *leak) {
  return text_of(pass->program->symbols, leak->kind);
}

/* One variable is lost once in one place, whichever of several calls opened what it holds. */
static bool is_told(const Pass *pass, const Finding *finding) {
  for (size_t i = pass->leaks.count;
       i-- > 0 && pass->leaks.at[i].function == pass->engine->function;) {
    const Finding *other = pass->kept_back.at[pass->leaks.at[i].finding];
    if (other->at.index == finding->at.index && other->at.terminator == finding->at.terminator &&
        !strcmp(other->object, finding->object))
      return true;
  }
  return false;
}

/* Opened for a purpose, and not just to be there. */
static bool has_purpose(const Leak *leak) {
  return leak->is_used || (leak->is_made && *leak->name && guard_on("made"));
}

bool has_other_way(const Leak *leak) {
  return leak->closed != NO_INSTRUCTION || leak->kept != NO_INSTRUCTION || leak->is_returned;
}

void defer_leak(Pass *pass, Finding *finding, const Leak *leak, bool outlasts) {
  bool again = is_told(pass, finding);
  LeakRow row = {.function = pass->engine->function,
                 .instruction = leak->opened,
                 .is_lone = !has_other_way(leak) && has_purpose(leak) && !leak->is_shown &&
                            !leak->is_doubtful,
                 .outlasts = outlasts,
                 .finding = keep_back(pass, finding)};
  if (again)
    return;
  array_push(&pass->leaks, row);
}

void leak_row_write(const Pass *pass, ByteWriter *out, const LeakRow *row) {
  bytes_put_u(out, row->instruction);
  bytes_put_u8(out, row->is_lone);
  bytes_put_u8(out, row->outlasts);
  kept_back_write(pass, out, row->finding);
}

LeakRow leak_row_read(const Pass *pass, const ProgramFunction *function, ByteReader *in) {
  LeakRow row = {.function = function, .instruction = bytes_get_u32(in)};
  row.is_lone = bytes_get_u8(in);
  row.outlasts = bytes_get_u8(in);
  row.finding = kept_back_read(pass, in);
  return row;
}

/* A test of what cannot be ends the function: `UT_ASSERT(count == 2)`. */
bool is_asserted(Pass *pass, const LeakRow *row) {
  const Position *at = &deferred(pass, row->finding)->at;
  BorrowedCode code = program_borrow(pass->program, row->function->id);
  const Function *f = code.function->body;
  const char *macro = NULL;
  if (at->terminator ? at->index < f->block_count : at->index < f->instruction_count) {
    Index location =
        at->terminator ? f->blocks[at->index].location : f->instruction_locations[at->index];
    macro = f->locations[location].macro;
  }
  bool asserted = macro && (has_word(macro, "ASSERT") || has_word(macro, "assert"));
  program_return(&code);
  return asserted && guard_on("asserted");
}
