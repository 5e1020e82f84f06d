/* flow.c - see flow.h */
#include "depth/flow.h"

#include <string.h>

#include "depth/test.h"
#include "depth/traits.h"
#include "ir/parts.h"

enum { VISITS = 3, NODE_DEPTH = 24 };

static const Value any = {.kind = VALUE_ANY};

/* ---- cells and values */

static Value value_within(Flow *, NodeId, uint32_t depth);

static bool is_pointer(const Flow *flow, const Node *node) {
  return flow->f->types[node->type].kind == TYPE_POINTER;
}

bool is_text(const Function *f, Index type) {
  return f->types[type].kind == TYPE_POINTER && f->types[f->types[type].element].size == 1;
}

/* The cell that a place is; NO_TOKEN: none that has a name. */
static Token cell_of(Flow *flow, NodeId place, uint32_t depth) {
  const Node *node = &flow->f->nodes[place];
  Cell cell = {0};
  if (!depth--)
    return NO_TOKEN;
  switch ((NodeKind)node->kind) {
  case NODE_LOCAL:
    cell = (Cell){.kind = CELL_LOCAL, .base = NO_TOKEN, .local = node->a};
    break;
  case NODE_GLOBAL:
    cell =
        (Cell){.kind = CELL_GLOBAL, .base = NO_TOKEN, .symbol = flow->function->symbols[node->a]};
    break;
  case NODE_DEREF: {
    Value pointer = value_within(flow, node->a, depth);
    if (pointer.kind == VALUE_ADDRESS)
      return pointer.token;
    if (!is_same(&pointer))
      return NO_TOKEN;
    cell = (Cell){.kind = CELL_TARGET, .base = pointer.token};
    break;
  }
  case NODE_FIELD:
    cell = (Cell){.kind = CELL_FIELD,
                  .base = cell_of(flow, node->a, depth),
                  .symbol = flow->function->symbols[node->b]};
    if (cell.base == NO_TOKEN)
      return NO_TOKEN;
    break;
  default:
    return NO_TOKEN;
  }
  cell.pointer = is_pointer(flow, node);
  cell.text = is_text(flow->f, node->type);
  return cell_find(flow->cells, cell);
}

Value flow_cell(const Flow *flow, Token token) {
  uint32_t cell = token - flow->cells->parameter_count;
  const Value *now = &flow->now[flow->f->local_count + cell];
  if (now->kind != VALUE_NONE)
    return *now;
  const Cell *known = cell_at(flow->cells, token);
  if (known->kind == CELL_LOCAL)
    return known->local < flow->f->parameter_count ? value_of((Token)known->local) : any;
  Value value = value_of(token);
  value.reads = READ_STATE;
  return value;
}

/* The pointer that leads to a place. */
static Value pointer_to(Flow *flow, NodeId place, uint32_t depth) {
  for (;;) {
    const Node *node = &flow->f->nodes[place];
    if (node->kind != NODE_FIELD && node->kind != NODE_INDEX)
      return node->kind == NODE_DEREF ? value_within(flow, node->a, depth) : any;
    place = node->a;
  }
}

/* A letter of a text: *p or p[i]; a field of one byte is a number. */
static bool is_character(const Flow *flow, const Node *node) {
  const Type *type = &flow->f->types[node->type];
  return (node->kind == NODE_DEREF || node->kind == NODE_INDEX) && type->size == 1 &&
         (type->kind == TYPE_SIGNED || type->kind == TYPE_UNSIGNED);
}

/* The address of something that is no cell, or what is read there. */
static Value through(Flow *flow, NodeId place, bool reads, uint32_t depth) {
  Value pointer = pointer_to(flow, place, depth);
  bool inside = false;
  Token root = value_root(flow->cells, &pointer, &inside);
  if (root == NO_TOKEN)
    return any;
  return (Value){.kind = reads || inside ? VALUE_INSIDE : VALUE_AT, .token = root};
}

static Value address_of(Flow *flow, NodeId place, uint32_t depth) {
  Token cell = cell_of(flow, place, depth);
  return cell == NO_TOKEN ? through(flow, place, false, depth)
                          : (Value){.kind = VALUE_ADDRESS, .token = cell};
}

/* A pointer into a local, once it is more than an argument. */
static Value as_number(const Flow *flow, Value value) {
  bool on_stack = value.kind == VALUE_ADDRESS;
  for (Token token = value.token; on_stack;) {
    const Cell *cell = cell_at(flow->cells, token);
    if (cell->kind == CELL_LOCAL)
      return (Value){.kind = VALUE_STACK};
    on_stack = cell->kind == CELL_FIELD;
    token = cell->base;
  }
  return value;
}

static Value shifted(Value pointer, Value by) {
  if (by.kind == VALUE_CONSTANT)
    return value_add(pointer, by.low, by.low);
  return value_add(pointer, pointer.kind == VALUE_MOVED ? 0 : ENDLESS_DOWN, ENDLESS_UP);
}

/* Is it a number of which all bits are known? */
static bool is_mask(const Flow *flow, NodeId id, int32_t *bits) {
  const Node *node = &flow->f->nodes[without_casts(flow->f, id)];
  int64_t value = node->kind == NODE_CONSTANT ? flow->f->constants[node->a].value : INT64_MAX;
  *bits = (int32_t)(uint32_t)(uint64_t)value;
  return value >= INT32_MIN && value <= UINT32_MAX;
}

static Value masked(Flow *flow, const Node *node, uint32_t depth) {
  int32_t bits;
  NodeId masked = is_mask(flow, node->b, &bits) ? node->a : 0;
  if (!masked && is_mask(flow, node->a, &bits))
    masked = node->b;
  if (!masked)
    return value_binary((Operator)node->operator, value_within(flow, node->a, depth),
                        value_within(flow, node->b, depth));
  Value value = as_number(flow, value_within(flow, masked, depth));
  Value result = value_bits((Operator)node->operator, value, bits);
  result.reads = value.reads;
  return result;
}

static Value value_within(Flow *flow, NodeId id, uint32_t depth) {
  const Node *node = &flow->f->nodes[id];
  if (!depth--)
    return any;
  switch ((NodeKind)node->kind) {
  case NODE_CONSTANT:
    return value_constant(flow->f->constants[node->a].value);
  case NODE_STRING:
    return (Value){.kind = VALUE_TEXT};
  case NODE_VAR:
    return flow->now[node->a];
  case NODE_TEMP:
    return flow->temps[node->a].kind == VALUE_NONE ? any : flow->temps[node->a];
  case NODE_ADDRESS:
    return address_of(flow, node->a, depth);
  case NODE_CAST: {
    Value value = value_within(flow, node->a, depth);
    return is_pointer(flow, node) ? value : as_number(flow, value);
  }
  case NODE_SHIFT:
    return shifted(value_within(flow, node->a, depth), value_within(flow, node->b, depth));
  case NODE_BINARY:
    if (node->operator== OPERATOR_AND || node->operator== OPERATOR_OR)
      return masked(flow, node, depth);
    return value_binary((Operator)node->operator,
                        as_number(flow, value_within(flow, node->a, depth)),
                        as_number(flow, value_within(flow, node->b, depth)));
  case NODE_UNARY: {
    Value value = as_number(flow, value_within(flow, node->a, depth));
    return (Value){.kind = value.kind == VALUE_STACK ? VALUE_STACK : VALUE_ANY,
                   .reads = value.reads};
  }
  default:
    return any;
  }
}

Value flow_value(Flow *flow, NodeId id) { return value_within(flow, id, NODE_DEPTH); }

/* ---- instructions */

/* Part of a constant table. */
static bool is_fixed(const Flow *flow, NodeId place) {
  const Node *node = &flow->f->nodes[place];
  while (node->kind == NODE_FIELD || node->kind == NODE_INDEX)
    node = &flow->f->nodes[node->a];
  return node->kind == NODE_GLOBAL && flow->f->symbols[node->a].flags & SYMBOL_CONST;
}

static Value load(Flow *flow, const Instruction *inst) {
  const Node place = flow->f->nodes[inst->a]; // the place has the type of what is read
  Token cell = cell_of(flow, inst->a, NODE_DEPTH);
  Value value = any;
  if (is_pointer(flow, &place) && is_fixed(flow, inst->a))
    value.kind = VALUE_TEXT;
  else if (cell != NO_TOKEN)
    value = flow_cell(flow, cell);
  else if (is_pointer(flow, &place))
    value = through(flow, inst->a, true, NODE_DEPTH);
  if (is_character(flow, &place))
    value.reads |= READ_CHARACTER;
  return value;
}

static bool is_part_of(const CellTable *cells, Token token, Token whole) {
  while (token != whole && token != NO_TOKEN && !is_parameter(cells, token) &&
         cell_at(cells, token)->kind == CELL_FIELD)
    token = cell_at(cells, token)->base;
  return token == whole;
}

/* A counter that is put back is one of what is open, not of what was read. */
static void note_move(Flow *flow, Token token, const Value *value) {
  Value old = flow_cell(flow, token);
  Cell *cell = &flow->cells->cells[token - flow->cells->parameter_count];
  if (old.kind != VALUE_MOVED || value->kind != VALUE_MOVED || old.token != value->token)
    return;
  cell->moves |= value->low < old.low || value->high < old.high ? CELL_LOWERED : 0;
  cell->moves |= value->low > old.low || value->high > old.high ? CELL_RAISED : 0;
}

static void set_cell(Flow *flow, Token token, Value value) {
  note_move(flow, token, &value);
  for (uint32_t i = 0; i < flow->cells->count; i++) {
    Token other = (Token)(flow->cells->parameter_count + i);
    if (other != token && is_part_of(flow->cells, other, token))
      flow->now[flow->f->local_count + i] = value.kind == VALUE_CONSTANT ? value : any;
  }
  flow->now[flow->f->local_count + (token - flow->cells->parameter_count)] = value;
}

/* Unsound: a cell keeps its value when memory is written that has another name, and over calls that
 * change it without counting. */
static void store(Flow *flow, const Instruction *inst) {
  const Node *place = &flow->f->nodes[inst->a];
  Value value = flow_value(flow, inst->b);
  if (place->kind == NODE_LOCAL && !(flow->f->locals[place->a].flags & LOCAL_ADDRESS_TAKEN)) {
    flow->now[place->a] = value;
    return;
  }
  Token cell = cell_of(flow, inst->a, NODE_DEPTH);
  if (cell != NO_TOKEN)
    set_cell(flow, cell, value);
}

static bool gives_pointer(const Flow *flow, const Instruction *call) {
  for (uint32_t i = 1; i < flow->f->node_count && call->result; i++)
    if (flow->f->nodes[i].kind == NODE_TEMP && flow->f->nodes[i].a == call->result)
      return is_pointer(flow, &flow->f->nodes[i]);
  return false;
}

/* skip_blanks(p) gives p moved on, and load(name) what the name leads to; strlen(p) is a number. */
static Value result_of(Flow *flow, const Instruction *call) {
  Value result = {.kind = VALUE_ANY, .reads = READ_RESULT};
  if (!call->arg_count)
    return result;
  NodeId argument = flow->f->args[call->args];
  Value first = flow_value(flow, argument);
  bool moves_on = first.kind == VALUE_MOVED && is_text(flow->f, flow->f->nodes[argument].type) &&
                  gives_pointer(flow, call);
  return moves_on ? value_add(first, 0, ENDLESS_UP) : result;
}

/* ---- calls */

bool flow_returns(const Flow *flow, uint32_t instruction) {
  const Instruction *inst = &flow->function->body->instructions[instruction];
  if (inst->kind != INST_CALL)
    return true;
  if (inst->flags & CALL_NORETURN)
    return false;
  bool by_pointer;
  TextId symbol = called_symbol(flow->function, instruction, &by_pointer);
  if (!symbol || by_pointer)
    return true;
  const Summary *model = models_find(flow->program->models, symbol);
  if (model)
    return !summary_never_returns(model);
  Targets targets = program_resolve(flow->program, flow->function, symbol);
  if (targets.count != 1 || targets.open)
    return true;
  const Summary *summary = program_summary(flow->program, targets.ids[0]);
  if (flow->program->functions[targets.ids[0]].component == flow->function->component && summary &&
      !(summary->flags & (SUMMARY_JUMPS | SUMMARY_MAY_END)))
    return true; // it may be the cycle that never returns
  return !summary_never_returns(summary);
}

/* __builtin_frame_address(0), and what a library makes of such a number: labs(base - &local). */
static bool takes_stack_address(Flow *flow, const Instruction *inst, TextId symbol,
                                bool by_pointer) {
  const Node *callee = &flow->f->nodes[inst->a];
  if (!symbol || by_pointer)
    return false;
  if (!strcmp(flow->f->symbols[callee->a].name, "__builtin_frame_address"))
    return true;
  return inst->arg_count == 1 && !program_resolve(flow->program, flow->function, symbol).count &&
         flow_value(flow, flow->f->args[inst->args]).kind == VALUE_STACK;
}

static void call(Flow *flow, uint32_t instruction) {
  const Instruction *inst = &flow->f->instructions[instruction];
  bool by_pointer;
  TextId symbol = called_symbol(flow->function, instruction, &by_pointer);
  const Facts *helper = symbol && !by_pointer ? helpers_find(flow->helpers, flow->function, symbol,
                                                             TRAIT_COUNTS | TRAIT_STACK_ADDRESS)
                                              : NULL;
  Value result = result_of(flow, inst);
  if (takes_stack_address(flow, inst, symbol, by_pointer) ||
      (helper && helper->gives_stack_address))
    result.kind = VALUE_STACK;
  for (uint32_t i = 0; i < inst->arg_count; i++) { // &local: anything may be written there
    Value value = flow_value(flow, flow->f->args[inst->args + i]);
    if (value.kind == VALUE_ADDRESS && cell_at(flow->cells, value.token)->kind == CELL_LOCAL &&
        flow->f->types[flow->f->locals[cell_at(flow->cells, value.token)->local].type].kind !=
            TYPE_RECORD)
      set_cell(flow, value.token, (Value){.kind = VALUE_ANY, .reads = READ_RESULT});
  }
  for (uint32_t i = 0; helper && i < helper->count_count; i++) {
    Site here = {.args = arena_new_array(flow->arena, Value, inst->arg_count),
                 .arg_count = inst->arg_count};
    for (uint32_t k = 0; k < inst->arg_count; k++)
      here.args[k] = flow_value(flow, flow->f->args[inst->args + k]);
    Token cell = facts_place(flow->cells, &here, &helper->cells, helper->counts[i].token);
    if (cell != NO_TOKEN)
      set_cell(flow, cell,
               value_add(flow_cell(flow, cell), helper->counts[i].value.low,
                         helper->counts[i].value.high));
  }
  if (inst->result)
    flow->temps[inst->result] = result;
}

void flow_step(Flow *flow, uint32_t instruction) {
  const Instruction *inst = &flow->f->instructions[instruction];
  switch ((InstructionKind)inst->kind) {
  case INST_LOAD:
    flow->temps[inst->result] = load(flow, inst);
    break;
  case INST_COPY:
    flow->temps[inst->result] = flow_value(flow, inst->a);
    break;
  case INST_STORE:
    store(flow, inst);
    break;
  case INST_DECLARE:
    flow->now[inst->a] = any;
    break;
  case INST_CALL:
    call(flow, instruction);
    break;
  default:
    if (inst->result)
      flow->temps[inst->result] = any;
    break;
  }
}

/* ---- blocks */

static uint32_t width(const Flow *flow) { return flow->f->local_count + CELL_LIMIT; }

void flow_enter(Flow *flow, Index block) {
  memcpy(flow->now, flow->entry[block], sizeof(Value) * width(flow));
}

/* A cell that one of the ways has not touched has there what it had at entry. */
static Value part(const Flow *flow, const Value *state, uint32_t i) {
  if (state[i].kind != VALUE_NONE || i < flow->f->local_count)
    return state[i];
  Token token = (Token)(flow->cells->parameter_count + i - flow->f->local_count);
  return cell_at(flow->cells, token)->kind == CELL_LOCAL ? any : value_of(token);
}

static bool merge(Flow *flow, Index block) {
  Value *into = flow->entry[block];
  if (!into) {
    flow->entry[block] = arena_copy(flow->arena, flow->now, sizeof(Value) * width(flow));
    return true;
  }
  bool changed = false, widen = ++flow->visits[block] > VISITS;
  uint32_t used = flow->f->local_count + flow->cells->count;
  for (uint32_t i = 0; i < used; i++) {
    if (into[i].kind == VALUE_NONE && flow->now[i].kind == VALUE_NONE)
      continue;
    Value old = part(flow, into, i),
          joined = value_join(flow->cells, old, part(flow, flow->now, i));
    if (value_equal(&joined, &old) && joined.reads == old.reads && into[i].kind != VALUE_NONE)
      continue;
    if (widen && joined.low < old.low && joined.kind != VALUE_BITS)
      joined.low = ENDLESS_DOWN;
    if (widen && joined.high > old.high && joined.kind != VALUE_BITS)
      joined.high = ENDLESS_UP;
    changed = true;
    into[i] = joined;
  }
  return changed;
}

static void run_block(Flow *flow, Index block, bool *waiting) {
  const Block *b = &flow->f->blocks[block];
  flow_enter(flow, block);
  for (uint32_t i = b->first; i < b->first + b->count; i++)
    flow_step(flow, i);
  uint32_t only = flow->supposes ? test_only_edge(flow, b) : NO_EDGE;
  for (uint32_t k = 0; k < b->edge_count; k++) {
    Index next = flow->f->edges[b->edges + k].block;
    if ((only == NO_EDGE || only == k) && merge(flow, next))
      waiting[next] = true;
  }
}

static void run(Flow *flow) {
  bool *waiting = arena_new_array(flow->arena, bool, flow->f->block_count);
  waiting[0] = true;
  for (bool again = true; again;) {
    again = false;
    for (uint32_t i = 0; i < flow->cfg->order_count; i++) {
      Index block = flow->cfg->order[i];
      if (!waiting[block])
        continue;
      waiting[block] = false;
      run_block(flow, block, waiting);
      again = true;
    }
  }
}

/* Leaves out the ways that cannot be gone. */
static void cut_ways(Flow *flow) {
  for (uint32_t i = 0; i < flow->cfg->order_count; i++) {
    Block *block = &flow->f->blocks[flow->cfg->order[i]];
    if (!flow->entry[flow->cfg->order[i]])
      continue;
    flow_enter(flow, flow->cfg->order[i]);
    for (uint32_t k = block->first; k < block->first + block->count; k++)
      flow_step(flow, k);
    uint32_t only = test_only_edge(flow, block);
    if (only == NO_EDGE)
      continue;
    block->terminator = TERM_JUMP;
    block->edges += only;
    block->edge_count = 1;
  }
  flow->cfg = cfg_new(flow->arena, flow->f);
}

static Function *without_deaths(const Flow *flow, const Function *f) {
  Function *cut = arena_copy(flow->arena, f, sizeof *f);
  cut->blocks = arena_copy(flow->arena, f->blocks, sizeof *f->blocks * f->block_count);
  for (uint32_t b = 0; b < f->block_count; b++) {
    Block *block = &cut->blocks[b];
    for (uint32_t i = block->first; i < block->first + block->count; i++)
      if (!flow_returns(flow, i)) {
        block->terminator = TERM_UNREACHABLE;
        block->edge_count = 0;
      }
  }
  return cut;
}

uint64_t flow_size(const Function *f) {
  return (uint64_t)f->block_count * (f->local_count + CELL_LIMIT);
}

Flow *flow_new(Arena *arena, Helpers *helpers, Program *program, const ProgramFunction *function,
               CellTable *cells, const Value *given) {
  Flow *flow = arena_new_one(arena, Flow);
  *flow = (Flow){
      .arena = arena, .helpers = helpers, .program = program, .function = function, .cells = cells};
  const Function *f = function->body;
  flow->f = without_deaths(flow, f);
  flow->cfg = cfg_new(arena, flow->f);
  flow->entry = arena_new_array(arena, Value *, f->block_count);
  flow->visits = arena_new_array(arena, uint32_t, f->block_count);
  flow->temps = arena_new_array(arena, Value, f->temp_count + 1u);
  flow->now = arena_new_array(arena, Value, width(flow));
  for (uint32_t i = 0; i < f->local_count; i++) {
    bool known = given && i < f->parameter_count && is_known(&given[i]);
    flow->now[i] = known ? given[i] : i < f->parameter_count ? value_of((Token)i) : any;
    flow->supposes |= known;
  }
  flow->entry[0] = arena_copy(arena, flow->now, sizeof(Value) * width(flow));
  run(flow);
  if (flow->supposes)
    cut_ways(flow);
  return flow;
}
