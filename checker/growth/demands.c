/* demands.c - see demands.h. */
#include "growth/demands.h"

static bool excludes(const Demand *a, const Demand *b) {
  if (a->parameter != b->parameter)
    return false;
  if (a->is_equal && b->is_equal)
    return a->value != b->value;
  return a->is_equal != b->is_equal && a->value == b->value;
}

static bool is_same(const Demand *a, const Demand *b) {
  return a->parameter == b->parameter && a->is_equal == b->is_equal && a->value == b->value;
}

bool demands_add(Demand *all, Demand demand) {
  for (uint32_t i = 0; i < DEMANDS; i++) {
    if (all[i].parameter && excludes(&all[i], &demand))
      return false;
    if (is_same(&all[i], &demand))
      return true;
    if (!all[i].parameter) {
      all[i] = demand;
      return true;
    }
  }
  return true;
}

bool demands_same(const Demand *a, const Demand *b) {
  for (uint32_t i = 0; i < DEMANDS; i++)
    if (!is_same(&a[i], &b[i]))
      return false;
  return true;
}

bool demands_tell(Demand *all, const Demand *inner, const GivenNumber *given, uint32_t count) {
  for (uint32_t i = 0; i < DEMANDS && inner[i].parameter; i++)
    for (uint32_t k = 0; k < count; k++) {
      if (given[k].number + 1u != inner[i].parameter)
        continue;
      Demand demand = {given[k].parameter, inner[i].is_equal, inner[i].value};
      bool holds = (given[k].value == inner[i].value) == inner[i].is_equal;
      if (given[k].parameter ? !demands_add(all, demand) : !holds)
        return false;
    }
  return true;
}
