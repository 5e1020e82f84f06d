/* input.c - see input.h */
#include "depth/input.h"

#include <string.h>

uint8_t input_of_name(const char *function) {
  static const struct {
    const char *name;
    uint8_t input;
  } readers[] = {{"readdir", INPUT_FOLDER},      {"readdir64", INPUT_FOLDER},
                 {"scandir", INPUT_FOLDER},      {"opendir", INPUT_FOLDER},
                 {"read", INPUT_BYTES},          {"recv", INPUT_BYTES},
                 {"fread", INPUT_BYTES},         {"fgets", INPUT_BYTES},
                 {"getc", INPUT_BYTES},          {"fgetc", INPUT_BYTES},
                 {"getline", INPUT_BYTES},       {"fopen", INPUT_BYTES},
                 {"openat", INPUT_BEYOND_PATHS}, {"chdir", INPUT_BEYOND_PATHS},
                 {"fchdir", INPUT_BEYOND_PATHS}};
  for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
    if (!strcmp(function, readers[i].name))
      return readers[i].input;
  return 0;
}

uint8_t input_of(const Function *f) {
  uint8_t input = 0;
  for (uint32_t i = 0; i < f->symbol_count; i++)
    if (f->symbols[i].kind == SYMBOL_FUNCTION)
      input |= input_of_name(f->symbols[i].name);
  return input;
}

static bool reads(const Program *program, uint32_t id, uint32_t far, uint32_t *steps) {
  const ProgramFunction *function = &program->functions[id];
  const FunctionLinks *links = function->declared.links;
  for (uint32_t i = 0; i < links->call_count; i++)
    if (input_of_name(links->calls[i]) & INPUT_BYTES)
      return true;
  for (uint32_t i = 0; i < function->callee_count && far && *steps; i++) {
    --*steps;
    if (reads(program, function->callees[i], far - 1, steps))
      return true;
  }
  return false;
}

bool input_is_read(const Program *program, uint32_t function, uint32_t far) {
  uint32_t steps = 4096;
  return reads(program, function, far, &steps);
}

uint32_t input_buffer(const Function *f, NodeId argument) {
  const Node *node = &f->nodes[argument];
  while (node->kind == NODE_ADDRESS || node->kind == NODE_INDEX)
    node = &f->nodes[node->a];
  if (node->kind != NODE_LOCAL && node->kind != NODE_GLOBAL)
    return 0;
  const Type *type = &f->types[node->type];
  bool text = type->kind == TYPE_ARRAY && f->types[type->element].size == 1;
  return text && type->size <= UINT32_MAX ? (uint32_t)type->size : 0;
}

uint8_t input_of_callees(const Program *program, const ProgramFunction *function) {
  for (uint32_t i = 0; i < function->callee_count; i++) {
    const FunctionLinks *links = program->functions[function->callees[i]].declared.links;
    for (uint32_t k = 0; k < links->call_count; k++)
      if (!strcmp(links->calls[k], "readdir") || !strcmp(links->calls[k], "readdir64"))
        return INPUT_FOLDER;
  }
  return 0;
}
