/* words.c - what is said of frames and stacks: where the bytes are, how many, and whose they
 * are.
 */
#include <string.h>

#include "rule/pass.h"

static bool is_function_of(const Pass *pass, const ProgramFunction *caller, NodeId id,
                           uint32_t function) {
  const Node *node = &caller->body->nodes[id];
  if (node->kind != NODE_FUNCTION)
    return false;
  Targets targets = program_resolve(pass->program, caller, caller->symbols[node->a]);
  for (uint32_t i = 0; i < targets.count; i++)
    if (targets.ids[i] == function)
      return true;
  return false;
}

/* Does this call run the function: by name, or because it is handed on to who calls it? */
static bool may_run(const Pass *pass, const ProgramFunction *caller, const Instruction *in,
                    uint32_t callee) {
  bool found = is_function_of(pass, caller, in->a, callee);
  for (uint32_t i = 0; i < in->arg_count && !found; i++)
    found = is_function_of(pass, caller, caller->body->args[in->args + i], callee);
  return found;
}

uint32_t chain_call(Pass *pass, const Chain *chain, uint32_t link) {
  BorrowedCode code = program_borrow(pass->program, chain->links[link].function);
  const ProgramFunction *caller = code.function;
  uint32_t named = NO_RUNS_INSTRUCTION, pointer = NO_RUNS_INSTRUCTION;
  for (uint32_t i = 0; i < caller->body->instruction_count; i++) {
    const Instruction *in = &caller->body->instructions[i];
    if (in->kind != INST_CALL)
      continue;
    if (named == NO_RUNS_INSTRUCTION && link + 1 < chain->count &&
        may_run(pass, caller, in, chain->links[link + 1].function))
      named = i;
    if (pointer == NO_RUNS_INSTRUCTION && caller->body->nodes[in->a].kind != NODE_FUNCTION)
      pointer = i;
  }
  program_return(&code);
  return named == NO_RUNS_INSTRUCTION ? pointer : named;
}

bool largest_local(Pass *pass, uint32_t function_id, Position *at, const char **name,
                   uint64_t *bytes) {
  BorrowedCode code = program_borrow(pass->program, function_id);
  const Function *f = code.function->body;
  *bytes = 0;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *in = &f->instructions[i];
    const Local *local = in->kind == INST_DECLARE ? &f->locals[in->a] : NULL;
    if (!local || f->types[local->type].size <= *bytes)
      continue;
    *bytes = f->types[local->type].size;
    *name = arena_text(pass->arena, *local->name ? local->name : "a temporary");
    *at = position_of(code.function, i, false);
  }
  program_return(&code);
  return *bytes > 0;
}

static const char *number_in_words(Arena *arena, uint64_t number) {
  const char *text = arena_printf(arena, "%u", (uint32_t)(number % 1000));
  for (uint64_t rest = number / 1000; rest; rest /= 1000) {
    size_t length = strcspn(text, ",");
    text = arena_printf(arena, "%u,%s%s", (uint32_t)(rest % 1000), &"00"[length - 1], text);
  }
  return text;
}

const char *bytes_in_words(Pass *pass, uint64_t low, uint64_t high) {
  const char *text = number_in_words(pass->arena, low);
  return low == high
             ? text
             : arena_printf(pass->arena, "%s to %s", text, number_in_words(pass->arena, high));
}

static const char *size_in_words(Arena *arena, uint64_t bytes) {
  enum { KIB = 1024, MIB = 1024 * 1024 };
  if (bytes % MIB == 0)
    return arena_printf(arena, "%u MiB", (uint32_t)(bytes / MIB));
  if (bytes % KIB == 0)
    return arena_printf(arena, "%u KiB", (uint32_t)(bytes / KIB));
  return arena_printf(arena, "%s bytes", number_in_words(arena, bytes));
}

const char *budget_in_words(Pass *pass, const StackRoot *root) {
  const char *size = size_in_words(pass->arena, root->budget);
  const char *who = root->kind == ROOT_THREAD ? "the thread" : "main";
  if (root->is_unknown)
    return arena_printf(pass->arena, "%s may have %s: how much it asks for is not seen", who, size);
  return root->is_default ? arena_printf(pass->arena, "%s has %s, as is usual with %s", who, size,
                                         pass->stack->platform)
                          : arena_printf(pass->arena, "%s has %s", who, size);
}

const char *rounds_in_words(Pass *pass, const Rounds *rounds) {
  return arena_printf(pass->arena, "%s, full at a depth of %s",
                      budget_in_words(pass, &rounds->root),
                      bytes_in_words(pass, rounds->least, rounds->most));
}

const char *depth_in_words(const Cycle *cycle) {
  switch (cycle->kind) {
  case DEPTH_LIST:
    return "the depth is the length of the list";
  case DEPTH_TREE:
    return "the depth is the height of what is walked";
  case DEPTH_COUNTED:
    return "the depth hangs on an argument";
  case DEPTH_INPUT:
    return "the depth is the nesting of what is read";
  case DEPTH_ANSWER:
    return "the depth hangs on what calls answer";
  case DEPTH_FOLDER:
    return "the depth is the nesting of folders";
  default:
    return "nothing on the way counts the calls";
  }
}

const char *root_word(const StackRoot *root) {
  static const char *const words[] = {"main", "thread", "other"};
  return words[root->kind];
}

const ProgramFunction *function_with(const Pass *pass, uint32_t id) {
  return &pass->program->functions[id];
}
