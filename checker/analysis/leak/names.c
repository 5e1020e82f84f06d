/* names.c - what a lost handle is called: the variable that holds it, or the member of one. */
#include "analysis/leak/leak.h"

#include "base/guard.h"
#include "ir/parts.h"
#include "ir/print.h"

static bool is_member_of(const Function *f, NodeId place, Index slot) {
  bool member = f->nodes[place].kind == NODE_FIELD;
  while (f->nodes[place].kind == NODE_FIELD)
    place = f->nodes[place].a;
  return member && f->nodes[place].kind == NODE_LOCAL && f->nodes[place].a == slot;
}

/* "st.fd" of a local record; NULL: the whole variable is the handle, or how it got in is not seen.
 */
static const char *member_name(const Flow *flow, uint32_t site, Index slot) {
  const Function *f = flow->e->f;
  Index handle = f->instructions[flow->sites[site].instruction].result;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->kind != INST_STORE || !is_member_of(f, inst->a, slot))
      continue;
    const Node *value = &f->nodes[without_casts(f, inst->b)];
    if (value->kind == NODE_TEMP && value->a == handle)
      return node_text(flow->e->arena, f, inst->a);
  }
  return NULL;
}

static bool is_set_by(const Function *f, const Instruction *inst, Index slot) {
  if (inst->kind == INST_DECLARE)
    return inst->a == slot;
  return inst->kind == INST_STORE && f->nodes[inst->a].kind == NODE_LOCAL &&
         f->nodes[inst->a].a == slot;
}

/* A variable that only a macro declares and sets is its own: `__n1` of g_assert_cmpint(), which
 * nobody who reads the code knows. */
static bool is_macros_own(const Function *f, Index slot) {
  bool is_set = false;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    if (!is_set_by(f, &f->instructions[i], slot))
      continue;
    const char *macro = f->locations[f->instruction_locations[i]].macro;
    if (!macro || !*macro)
      return false;
    is_set = true;
  }
  return is_set && guard_on("macro-names");
}

/* What it was called when it was opened: "" when that was a macro's variable, too. */
static const char *first_name(const Flow *flow, uint32_t site) {
  const Function *f = flow->e->f;
  Index handle = f->instructions[flow->sites[site].instruction].result;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->kind != INST_STORE || f->nodes[inst->a].kind != NODE_LOCAL)
      continue;
    const Node *value = &f->nodes[without_casts(f, inst->b)];
    Index slot = f->nodes[inst->a].a;
    if (value->kind == NODE_TEMP && value->a == handle && !is_macros_own(f, slot))
      return f->locals[slot].name;
  }
  return "";
}

const char *holder_name(const Flow *flow, uint32_t site, const Holding *holding) {
  const Function *f = flow->e->f;
  const char *of_macro = "", *of_record = NULL; // in which somewhere
  for (uint32_t slot = 0; slot < f->local_count; slot++) {
    if (!(holding->masks[slot] >> site & 1) || !f->locals[slot].name[0])
      continue;
    if (is_macros_own(f, slot)) {
      of_macro = f->locals[slot].name;
      continue;
    }
    const char *member = member_name(flow, site, slot);
    if (member || f->types[f->locals[slot].type].kind != TYPE_RECORD)
      return member ? member : f->locals[slot].name;
    of_record = of_record ? of_record : f->locals[slot].name;
  }
  if (of_record)
    return of_record;
  const char *first = *of_macro ? first_name(flow, site) : "";
  return *first ? first : of_macro;
}
