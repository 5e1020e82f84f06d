/* frames.c - rows of what functions take of the stack, and of what becomes of them when callees are
 * put into their callers. */
#include <string.h>

#include "base/hash_map.h"
#include "rule/pass.h"

/* ---- one function */

/* The local that a branch tests against zero, itself or as it was just read; NO_LOCAL for others.
 */
enum { NO_LOCAL = 0xffffffffu };
static Index tested_local(const Function *f, const Block *block) {
  const Node *test = &f->nodes[block->value];
  if (block->terminator != TERM_BRANCH)
    return NO_LOCAL;
  if (test->kind == NODE_BINARY && test->operator== OPERATOR_NE)
    test = &f->nodes[test->a];
  const Instruction *made = node_definition(f, test);
  if (made && made->kind == INST_LOAD && f->nodes[made->a].kind == NODE_LOCAL)
    return f->nodes[made->a].a;
  return test->kind == NODE_VAR ? test->a : NO_LOCAL;
}

static bool clears(const Function *f, const Block *block, Index local) {
  bool cleared = false;
  for (uint32_t i = 0; i < block->count; i++) {
    const Instruction *in = &f->instructions[block->first + i];
    if (in->kind != INST_STORE || f->nodes[in->a].kind != NODE_LOCAL || f->nodes[in->a].a != local)
      continue;
    const Node *value = &f->nodes[in->b];
    cleared = value->kind == NODE_CONSTANT && !f->constants[value->a].value;
  }
  return cleared;
}

/* for (guard = lock(l); guard; unlock(l), guard = NULL): a block, written as a loop. */
static bool goes_round_once(const Engine *e, const Loop *loop) {
  const Cfg *cfg = e->cfg;
  const Block *header = &e->f->blocks[loop->header];
  Index local = tested_local(e->f, header);
  if (local == NO_LOCAL ||
      cfg_in_loop(cfg, (Index)(loop - cfg->loops), e->f->edges[header->edges + 1].block))
    return false;
  for (uint32_t i = 0; i < cfg->predecessor_counts[loop->header]; i++) {
    Index from = cfg->predecessors[loop->header][i];
    if (cfg_is_back_edge(cfg, from, loop->header) && !clears(e->f, &e->f->blocks[from], local))
      return false;
  }
  return true;
}

/* As the loops around it tell. */
static Repeats repeats_of(const Engine *e, const Repetition *repetition, Index block) {
  Repeats most = e->cfg->irreducible ? repetition->blocks[block] : REPEATS_ONCE;
  for (Index at = e->cfg->innermost[block]; at != NO_LOOP; at = e->cfg->loops[at].parent)
    if (repetition->loops[at].repeats > most && !goes_round_once(e, &e->cfg->loops[at]))
      most = repetition->loops[at].repeats;
  return most;
}

/* A macro that takes it in one way or another is one place to look at. */
static bool is_same_place(const Pass *pass, const GrowthRow *row, uint32_t instruction) {
  const Function *f = pass->engine->f;
  const Location *a = &f->locations[f->instruction_locations[row->instruction]];
  const Location *b = &f->locations[f->instruction_locations[instruction]];
  return row->function == pass->engine->function && a->line == b->line && a->column == b->column;
}

static void remember_growth(Pass *pass, GrowthRow row) {
  for (size_t i = pass->growths.count; i-- > 0;) {
    GrowthRow *other = &pass->growths.at[i];
    if (other->function != row.function)
      break;
    if (!is_same_place(pass, other, row.instruction) || other->is_array != row.is_array ||
        other->repeats != row.repeats)
      continue;
    other->most = other->most && row.most ? (other->most > row.most ? other->most : row.most) : 0;
    return;
  }
  array_push(&pass->growths, row);
}

static void remember_growths(Pass *pass) {
  const Engine *e = pass->engine;
  const Function *f = e->f;
  const Repetition *repetition = NULL;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *in = &f->instructions[i];
    bool is_array = in->kind == INST_DECLARE && in->arg_count;
    if (!is_array && !frame_is_alloca(f, in))
      continue;
    if (!repetition)
      repetition = repetition_new(e->arena, f, e->cfg);
    remember_growth(pass,
                    (GrowthRow){.function = e->function,
                                .instruction = i,
                                .is_array = is_array,
                                .most = frame_most(f, e->cfg, i),
                                .repeats = repeats_of(e, repetition, block_of_instruction(f, i))});
  }
}

static void remember_levels(Pass *pass) {
  const Engine *e = pass->engine;
  const Function *f = e->f;
  for (uint32_t i = 0; i < f->instruction_count && e->function->recursive; i++) {
    const Instruction *in = &f->instructions[i];
    const Node *callee = in->kind == INST_CALL ? &f->nodes[in->a] : NULL;
    if (!callee || callee->kind != NODE_FUNCTION || strcmp(f->symbols[callee->a].key, f->key) != 0)
      continue;
    uint64_t levels = frame_levels(f, e->cfg, i);
    if (levels)
      array_push(&pass->levels, (LevelRow){e->function, i, levels});
  }
}

void remember_frame(Pass *pass) {
  const Engine *e = pass->engine;
  array_push(&pass->frames,
             (FrameRow){e->function, frame_measure(e->arena, e->f, e->cfg), depth_traits(e->f)});
  remember_growths(pass);
  remember_levels(pass);
}

/* ---- kept with what was judged of a function */

void frame_row_write(const Pass *pass, ByteWriter *out, const FrameRow *row) {
  (void)pass;
  bytes_put_u(out, row->own.low);
  bytes_put_u(out, row->own.high - row->own.low);
  bytes_put_u(out, (uint64_t)row->own.weight << 3 | (uint64_t)row->traits << 1 | row->own.grows);
}

FrameRow frame_row_read(const Pass *pass, const ProgramFunction *function, ByteReader *in) {
  (void)pass;
  FrameRow row = {.function = function, .own.low = bytes_get_u(in)};
  row.own.high = row.own.low + bytes_get_u(in);
  uint64_t rest = bytes_get_u(in);
  row.own.weight = (uint32_t)(rest >> 3);
  row.traits = rest >> 1 & 3;
  row.own.grows = rest & 1;
  return row;
}

void growth_row_write(const Pass *pass, ByteWriter *out, const GrowthRow *row) {
  (void)pass;
  bytes_put_u(out, row->instruction);
  bytes_put_u8(out, row->is_array);
  bytes_put_u(out, row->most);
  bytes_put_u8(out, (uint8_t)row->repeats);
}

GrowthRow growth_row_read(const Pass *pass, const ProgramFunction *function, ByteReader *in) {
  (void)pass;
  GrowthRow row = {.function = function, .instruction = bytes_get_u32(in)};
  row.is_array = bytes_get_u8(in);
  row.most = bytes_get_u(in);
  row.repeats = (Repeats)bytes_get_u8(in);
  return row;
}

void level_row_write(const Pass *pass, ByteWriter *out, const LevelRow *row) {
  (void)pass;
  bytes_put_u(out, row->instruction);
  bytes_put_u(out, row->levels);
}

LevelRow level_row_read(const Pass *pass, const ProgramFunction *function, ByteReader *in) {
  (void)pass;
  LevelRow row = {.function = function, .instruction = bytes_get_u32(in)};
  row.levels = bytes_get_u(in);
  return row;
}

/* ---- what the rules ask */

const LevelRow *limited_recursions(const Pass *pass, uint32_t *count) {
  *count = (uint32_t)pass->levels.count;
  return pass->levels.at;
}

/* A compiler puts callees that it sees into their callers: static ones that are called from one
 * place, small ones, and what is declared inline. They share what they take, since one is done when
 * the next begins. */
enum {
  SMALL = 60,
  SAVED_REGISTERS = 48,
  RED_ZONE = 128, // below the stack pointer: a function that calls nobody may use it unasked
};

static bool is_seen(const ProgramFunction *caller, const ProgramFunction *callee) {
  const Declaration *a = &caller->declared, *b = &callee->declared;
  for (uint32_t i = 0, k = 0; i < a->unit_count && k < b->unit_count;) {
    if (a->units[i] == b->units[k])
      return true;
    if (a->units[i] < b->units[k])
      i++;
    else
      k++;
  }
  return false;
}

static bool is_inlined(const Stacks *stacks, const ProgramFunction *caller,
                       const ProgramFunction *callee) {
  uint32_t flags = callee->declared.flags;
  bool once = (flags & FUNCTION_INTERNAL) && callee->caller_count == 1 && !callee->address_taken;
  if ((callee->component == caller->component && !once) ||
      (flags & (FUNCTION_VARIADIC | FUNCTION_WEAK)))
    return false;
  bool small = (flags & FUNCTION_INLINE) || stacks->at[callee->id].weight <= SMALL;
  return (once || small) && is_seen(caller, callee);
}

/* Bytes of a function that was put into another one, or that others were put into: about half of
 * what need not be in memory is in registers. */
static uint64_t optimised(const Frame *own) { return own->low + (own->high - own->low) / 2; }

/* Small static functions that are declared inline are taken in by optimisation, large ones because
 * the compiler is forced to, always. Imprecise: they need not be. */
static bool is_forced(const Stacks *stacks, const ProgramFunction *callee) {
  uint32_t flags = FUNCTION_INLINE | FUNCTION_INTERNAL;
  return (callee->declared.flags & flags) == flags && stacks->at[callee->id].weight > SMALL;
}

static void add_inlined(StackOf *at, const ProgramFunction *callee, uint64_t bytes) {
  if (bytes > at->inlined) {
    at->inlined_next = at->inlined;
    at->inlined = bytes;
    at->inlined_callee = callee->id;
  } else if (bytes > at->inlined_next) {
    at->inlined_next = bytes;
  }
}

/* Is it one that a compiler knows and does itself? */
static bool is_builtin(const char *name) {
  return !strncmp(name, "__builtin_", 10) || !strcmp(name, "memcpy") || !strcmp(name, "memset") ||
         !strcmp(name, "memmove");
}

static void find_inlined(const Pass *pass, Stacks *stacks, const ProgramFunction *function) {
  const FunctionLinks *links = function->declared.links;
  StackOf *at = &stacks->at[function->id];
  bool is_leaf = !links->slot_count && !(links->flags & LINKS_CALLS_ANY);
  for (uint32_t i = 0; i < links->call_count; i++) {
    Targets targets = program_resolve(pass->program, function, links->call_symbols[i]);
    is_leaf &= targets.count || is_builtin(links->calls[i]);
    for (uint32_t t = 0; t < targets.count; t++) {
      const ProgramFunction *callee = &pass->program->functions[targets.ids[t]];
      const StackOf *of = &stacks->at[callee->id];
      bool inlined = callee->id != function->id && is_inlined(stacks, function, callee);
      is_leaf &= inlined && of->is_leaf;
      if (inlined)
        add_inlined(at, callee, optimised(&of->own) + of->inlined);
      if (inlined && is_forced(stacks, callee))
        at->forced += of->own.high + of->forced;
    }
  }
  at->is_leaf = is_leaf;
  if (is_leaf)
    at->own.low = at->own.low > RED_ZONE + RETURN_ADDRESS ? at->own.low - RED_ZONE : RETURN_ADDRESS;
}

/* ---- what a compiler said */

/* Is one path the end of the other? */
static bool is_same_file(const char *a, const char *b) {
  size_t x = strlen(a), y = strlen(b);
  const char *longer = x > y ? a : b, *shorter = x > y ? b : a;
  const char *end = longer + (x > y ? x - y : y - x);
  return !strcmp(end, shorter) && (end == longer || end[-1] == '/');
}

static uint32_t first_usage(const StackOptions *stack, const char *name) {
  uint32_t low = 0, high = stack->usage_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (strcmp(stack->usages[middle].name, name) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Of all copies of the function; what was split off it may run, too. */
static bool find_usage(const StackOptions *stack, const Declaration *declared, Frame *frame) {
  uint64_t parts = 0;
  bool found = false;
  for (uint32_t i = first_usage(stack, declared->name);
       i < stack->usage_count && !strcmp(stack->usages[i].name, declared->name); i++) {
    const StackUsage *usage = &stack->usages[i];
    if (!is_same_file(usage->file, declared->source))
      continue;
    if (usage->is_part) {
      parts += usage->bytes;
      continue;
    }
    if (!found)
      *frame = (Frame){.low = usage->bytes};
    frame->low = usage->bytes < frame->low ? usage->bytes : frame->low;
    frame->high = usage->bytes > frame->high ? usage->bytes : frame->high;
    frame->grows |= usage->grows;
    found = true;
  }
  if (!found && parts) // all of it that is no part is in its callers
    *frame = (Frame){.low = parts};
  frame->high += parts;
  found |= parts > 0;
  frame->exact = frame->low == frame->high;
  return found;
}

/* Do .su files speak of this source? A function of it that is not in them was put into its callers.
 */
static bool is_told_file(const StackOptions *stack, const char *source) {
  for (uint32_t i = 0; i < stack->usage_count; i++)
    if (is_same_file(stack->usages[i].file, source))
      return true;
  return false;
}

static bool calls_itself(const ProgramFunction *function) {
  for (uint32_t i = 0; i < function->callee_count; i++)
    if (function->callees[i] == function->id)
      return true;
  return false;
}

/* A compiler may put a function that calls itself into itself, several times: a frame that is as
 * large as one level without optimisation, or larger, is that of several. A level's is asked for.
 */
static Frame of_one_level(Frame frame, const Frame *estimated) {
  if (!estimated->high || frame.high < estimated->high)
    return frame;
  frame.high /= frame.high / estimated->high;
  frame.low = estimated->low < frame.high ? estimated->low : frame.high;
  frame.exact = false;
  return frame;
}

static void take_usages(const Pass *pass, Stacks *stacks) {
  const Program *program = pass->program;
  if (!pass->stack->usage_count)
    return;
  HashMap told = {0}; // by source: 1 when there are lines of it
  for (uint32_t i = 0; i < program->function_count; i++) {
    const Declaration *declared = &program->functions[i].declared;
    StackOf *at = &stacks->at[i];
    Hash source = hash_text(declared->source);
    if (hash_map_get(&told, source) == MAP_ABSENT)
      hash_map_put(&told, source, is_told_file(pass->stack, declared->source));
    Frame frame = {.exact = true};
    bool found = find_usage(pass->stack, declared, &frame);
    if (found && calls_itself(&program->functions[i]))
      frame = of_one_level(frame, &at->own);
    if (found || hash_map_get(&told, source)) {
      at->own = frame;
      at->inlined = at->inlined_next = at->forced = 0;
    }
  }
  hash_map_free(&told);
}

static Stacks *stacks_new(Pass *pass) {
  const Program *program = pass->program;
  Stacks *stacks = arena_new_one(pass->arena, Stacks);
  stacks->at = arena_new_array(pass->arena, StackOf, program->function_count);
  for (size_t i = 0; i < pass->frames.count; i++) {
    const FrameRow *row = &pass->frames.at[i];
    StackOf *at = &stacks->at[row->function->id];
    at->own = (Frame){.low = row->own.low, .high = row->own.high, .grows = row->own.grows};
    at->weight = row->own.weight;
  }
  for (uint32_t c = 0; c < program->component_starts[program->component_count]; c++)
    find_inlined(pass, stacks, &program->functions[program->order[c]]);
  take_usages(pass, stacks);
  return stacks;
}

static const Stacks *stacks_of(Pass *pass) {
  if (!pass->stacks)
    pass->stacks = stacks_new(pass);
  return pass->stacks;
}

/* Either nothing is optimised, or callees are put into it. */
static Frame with_inlined(const StackOf *at, uint64_t inlined) {
  Frame frame = at->own;
  uint64_t bytes = optimised(&at->own) + SAVED_REGISTERS + inlined;
  frame.high += at->forced;
  if (inlined && bytes > frame.high)
    frame.high = bytes;
  return frame;
}

Frame frame_of(Pass *pass, uint32_t function_id) {
  return with_inlined(&stacks_of(pass)->at[function_id], stacks_of(pass)->at[function_id].inlined);
}

/* What the callee takes is in its own frame: in that of the caller only as far as others that are
 * inlined there take more. */
Frame frame_calling(Pass *pass, uint32_t function_id, uint32_t callee_id) {
  const StackOf *at = &stacks_of(pass)->at[function_id];
  const StackOf *callee = &stacks_of(pass)->at[callee_id];
  if (at->inlined_callee != callee_id)
    return with_inlined(at, at->inlined);
  uint64_t of_callee = optimised(&callee->own) + callee->inlined;
  return with_inlined(at, at->inlined_next > of_callee ? at->inlined_next - of_callee : 0);
}

const Frame *all_frames(Pass *pass) {
  Frame *frames = arena_new_array(pass->arena, Frame, pass->program->function_count);
  for (uint32_t i = 0; i < pass->program->function_count; i++)
    frames[i] = frame_of(pass, i);
  return frames;
}
