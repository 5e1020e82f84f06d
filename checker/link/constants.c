/* constants.c - see constants.h. From the links alone: each function lists the integer globals that
 * it may change, and an initialiser says what it stores. Imprecise: what has none, and begins with
 * zero, is not known. */
#include "link/constants.h"

#include <string.h>

#include "base/array.h"
#include "base/hash_map.h"

typedef struct {
  int64_t value;
  bool is_known;    // it has an initialiser
  bool is_changed;  // or its definitions differ
  bool is_internal; // static
  bool is_const;
} GlobalValue;

struct Constants {
  HashMap numbers; // symbol -> number of the global
  ARRAY(GlobalValue) globals;
  bool *hides;    // per unit: a function in it is not fully known
  bool any_hides; // in any unit, or a unit is missing
};

static GlobalValue *value_of(Constants *constants, TextId symbol) {
  Hash key = {symbol, 0};
  uint32_t number = hash_map_get(&constants->numbers, key);
  if (number == MAP_ABSENT) {
    number = (uint32_t)constants->globals.count;
    hash_map_put(&constants->numbers, key, number);
    array_push(&constants->globals, (GlobalValue){0});
  }
  return &constants->globals.at[number];
}

/* Another definition of the same name begins with something else. */
static bool differs(const ProgramFunction *function, const ProgramFunction *other) {
  const FunctionLinks *links = function->declared.links, *others = other->declared.links;
  return !strcmp(function->declared.key, other->declared.key) &&
         (!(others->flags & LINKS_INITIAL) || links->initial != others->initial);
}

static void add_initialiser(Constants *constants, const Program *program,
                            const ProgramFunction *function) {
  const FunctionLinks *links = function->declared.links;
  if (!(links->flags & LINKS_INITIAL))
    return;
  const char *key = function->declared.key + strlen("init:");
  GlobalValue *global = value_of(constants, text_intern(program->symbols, key));
  // Those of one name follow each other
  bool is_first = function->id == 0, is_last = function->id + 1 == program->function_count;
  global->is_changed |= (!is_first && differs(function, function - 1)) ||
                        (!is_last && differs(function, function + 1));
  global->is_known = true;
  global->value = links->initial;
  global->is_internal = (function->declared.flags & FUNCTION_INTERNAL) != 0;
  global->is_const = (links->flags & LINKS_CONST) != 0;
}

static void add_function(Constants *constants, const Program *program,
                         const ProgramFunction *function) {
  const Declaration *declared = &function->declared;
  for (uint32_t i = 0; i < declared->links->change_count; i++)
    value_of(constants, declared->links->change_symbols[i])->is_changed = true;
  if (declared->flags & FUNCTION_INITIALISER)
    add_initialiser(constants, program, function);
  if (!(declared->flags & (FUNCTION_TAINTED | FUNCTION_INCOMPLETE)))
    return;
  constants->any_hides = true;
  for (uint32_t i = 0; i < declared->unit_count; i++)
    constants->hides[declared->units[i]] = true;
}

Constants *constants_new(const Program *program, bool is_whole) {
  Constants *constants = memory_resize(NULL, sizeof *constants);
  *constants = (Constants){.any_hides = !is_whole};
  constants->hides = memory_resize(NULL, program->unit_count + 1u);
  memset(constants->hides, 0, program->unit_count + 1u);
  for (uint32_t i = 0; i < program->function_count; i++)
    add_function(constants, program, &program->functions[i]);
  return constants;
}

void constants_free(Constants *constants) {
  hash_map_free(&constants->numbers);
  array_free(&constants->globals);
  memory_free(constants->hides);
  memory_free(constants);
}

/* Unsound: who links a library, or is loaded at run time, may set what is not static. What it began
 * with is one of its values all the same. */
bool constants_find(const Constants *constants, const ProgramFunction *reader, TextId symbol,
                    int64_t *value) {
  uint32_t number = hash_map_get(&constants->numbers, (Hash){symbol, 0});
  if (number == MAP_ABSENT)
    return false;
  const GlobalValue *global = &constants->globals.at[number];
  *value = global->value;
  if (!global->is_known || global->is_changed)
    return false;
  if (!global->is_internal)
    return global->is_const || !constants->any_hides;
  for (uint32_t i = 0; i < reader->declared.unit_count; i++)
    if (constants->hides[reader->declared.units[i]])
      return false;
  return true;
}
