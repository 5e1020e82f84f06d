/* stack-alloca-loop: the stack grows with the rounds of a loop or the depth of a recursion
 * (ANALYSIS A.4, R4). What alloca takes is given back when the function returns, and not before; a
 * variable-length array is given back at the end of its block. */
#include "rule/rule.h"

static void tell_loop(Pass *pass, const GrowthRow *row) {
  const char *name = row->function->declared.name;
  Finding *finding = report_there(
      pass, CONFIDENCE_LIKELY, position_of(row->function, row->instruction, false), name,
      "alloca in a loop: what each round takes is given back only when '%s' returns", name);
  note_evidence(pass, finding,
                row->repeats == REPEATS_ANY
                    ? "nothing bounds how often the loop goes round"
                    : "the loop goes round as often as what is there when it begins");
  if (row->most)
    note_evidence(pass, finding, "each round takes %s bytes, at most",
                  bytes_in_words(pass, row->most, row->most));
}

static void tell_recursion(Pass *pass, const GrowthRow *row) {
  Position call;
  const char *callee, *name = row->function->declared.name;
  if (asks_stack(pass, row->function) || !comes_back(pass, row, &call, &callee))
    return;
  Finding *finding =
      report_there(pass, CONFIDENCE_LIKELY, position_of(row->function, row->instruction, false),
                   name, "%s in a recursion: it takes what it is asked for at each level of '%s'",
                   row->is_array ? "an array of variable length" : "alloca", name);
  note_there(pass, finding, STEP_EVENT, call,
             callee == name ? "'%s' calls itself here" : "'%s', called here, comes back to it",
             callee);
}

static void on_stack(Pass *pass, const GrowthRow *rows, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const GrowthRow *row = &rows[i];
    bool in_loop = row->repeats == REPEATS_COUNTED || row->repeats == REPEATS_ANY;
    if (in_loop && !row->is_array)
      tell_loop(pass, row);
    else if (!row->most)
      tell_recursion(pass, row);
  }
}

const Rule stack_alloca_loop = {
    .id = "stack-alloca-loop",
    .name = "StackAllocaLoop",
    .summary = "alloca in a loop, or memory of variable size on the stack in a recursion",
    .references = "CWE-770 CWE-789 CERT-MEM05-C",
    .severity = SEVERITY_WARNING,
    .on_stack = on_stack,
};
