/* against.c - orders of locks that are the other way round than their declarations say. The way
 * back need not be there: a declared order is a promise to code that is still to come. */
#include "base/guard.h"
#include "rule/pass.h"

static bool is_on_circle(const Pass *pass, const LockOrder *order) {
  for (uint32_t i = 0; i < pass->circle_count; i++)
    for (uint32_t k = 0; k < pass->circles[i].count; k++) {
      const LockOrder *edge = pass->circles[i].edges[k].order;
      if (edge->from == order->from && edge->to == order->to)
        return true;
    }
  return false;
}

/* Who only tries waits for nobody. */
static bool is_against(const Pass *pass, const LockOrder *order) {
  return !(order->to_flags & LOCK_TRY) && !order->by_pointer &&
         models_ordered(pass->program->models, order->to, order->from) &&
         !is_on_circle(pass, order);
}

/* Of each pair the nearest. */
void tell_orders_against(Pass *pass, const LockOrders *orders) {
  if (!models_have_orders(pass->program->models) || !guard_on("declared-orders"))
    return;
  for (uint32_t first = 0, end = 0; first < orders->count; first = end) {
    const LockOrder *nearest = NULL;
    for (; end < orders->count && orders->at[end].from == orders->at[first].from &&
           orders->at[end].to == orders->at[first].to;
         end++)
      if (is_against(pass, &orders->at[end]) &&
          (!nearest || orders->at[end].call_count < nearest->call_count))
        nearest = &orders->at[end];
    if (nearest)
      pass->rule->on_order_against(pass, nearest);
  }
}
