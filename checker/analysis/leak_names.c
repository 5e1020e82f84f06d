/* leak_names.c - what a lost handle is called: the variable that holds it, or the member of one. */
#include "analysis/leak.h"

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

const char *holder_name(const Flow *flow, uint32_t site, const Holding *holding) {
  const Function *f = flow->e->f;
  for (uint32_t slot = 0; slot < f->local_count; slot++) {
    if (!(holding->masks[slot] >> site & 1) || !f->locals[slot].name[0])
      continue;
    const char *member = member_name(flow, site, slot);
    return member ? member : f->locals[slot].name;
  }
  return "";
}
