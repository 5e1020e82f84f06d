/* ref-cycle: counted objects own each other in a circle, so that no count ever comes to zero
 * (RULES A.6).
 *
 * The fields are those for which a reference is taken and that the owner's destructor gives up.
 * Where anybody gives one of them up while the objects are in use, the circle can be broken, and
 * nothing is said. */
#include "rule/rule.h"

static void note_fields(Pass *pass, Finding *finding, const ReferenceCycle *cycle) {
  for (uint32_t i = 0; i < cycle->count; i++) {
    const OwningField *field = &cycle->fields[i];
    if (i)
      note_there(pass, finding, STEP_EVENT, position_of_reference(pass, field->store),
                 "'%s' gets a reference here", owning_field_name(pass, field));
    if (field->closer != field->store && cycle->is_of_objects)
      note_there(pass, finding, STEP_EVENT, position_of_reference(pass, field->closer),
                 "by the call of '%s' here",
                 function_with(pass, field->store->function)->declared.name);
  }
  for (uint32_t i = 0; i < cycle->count; i++) {
    const OwningField *field = &cycle->fields[i];
    note_there(pass, finding, STEP_EVENT, position_of_reference(pass, field->release),
               "'%s' gives that of '%s' up, when nobody refers to its owner any more",
               function_with(pass, field->release->function)->declared.name,
               owning_field_name(pass, field));
  }
}

static void tell(Pass *pass, const ReferenceCycle *cycle) {
  const OwningField *first = &cycle->fields[0];
  uint32_t touched = 0;
  for (uint32_t i = 0; i < cycle->count; i++)
    touched += cycle->fields[i].touched;
  Finding *finding =
      report_there(pass, cycle->is_of_objects ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE,
                   position_of_reference(pass, first->store), owning_field_name(pass, first),
                   cycle->count == 1
                       ? "an object refers to itself by %s, which only its destructor gives up"
                       : "%s refer to each other in a circle, which only their destructors give up",
                   owning_fields_in_words(pass, cycle));
  note_fields(pass, finding, cycle);
  note_evidence(pass, finding, "%u function%s ha%s to do with %s: none gives a reference up before",
                touched, touched == 1 ? "" : "s", touched == 1 ? "s" : "ve",
                cycle->count == 1 ? "it" : "them");
  if (first->reads_weak)
    note_evidence(pass, finding, "'%s' reads like the way back: it needs no reference",
                  owning_field_name(pass, first));
}

static void on_references(Pass *pass, const ReferenceCycles *cycles) {
  for (uint32_t i = 0; i < cycles->count; i++)
    tell(pass, &cycles->at[i]);
}

const Rule ref_cycle = {
    .id = "ref-cycle",
    .name = "RefCycle",
    .summary = "reference-counted objects own each other in a circle",
    .references = "CWE-401 CWE-911",
    .severity = SEVERITY_WARNING,
    .resource = RESOURCE_NONE,
    .on_references = on_references,
};
