/* borrow.c - see borrow.h. A function has one place, by its id; what is there gives way to another
 * one unless somebody is at work with it. */
#include "link/borrow.h"

enum { PLACES = 64, LARGEST = 512 * 1024 }; // bytes of code that is worth keeping

typedef struct {
  Arena *arena; // NULL: empty
  uint32_t id;
  const Function *body;
  TextId *symbols;
} KeptCode;

struct KeptCodes {
  KeptCode at[PLACES];
};

KeptCodes *kept_codes_new(Arena *arena) { return arena_new_one(arena, KeptCodes); }

static void forget(KeptCode *kept) {
  arena_free(kept->arena);
  *kept = (KeptCode){0};
}

void kept_codes_free(KeptCodes *kept) {
  for (uint32_t i = 0; i < PLACES; i++)
    forget(&kept->at[i]);
}

static void keep(KeptCode *kept, Arena *arena, const ProgramFunction *function) {
  forget(kept);
  *kept = (KeptCode){arena, function->id, function->body, function->symbols};
}

BorrowedCode program_borrow(Program *program, uint32_t id) {
  ProgramFunction *function = &program->functions[id];
  BorrowedCode code = {.function = function, .arena = arena_new(), .loaded = !function->body};
  KeptCode *kept = &program->kept->at[id % PLACES];
  if (code.loaded && kept->arena && kept->id == id) {
    function->body = kept->body;
    function->symbols = kept->symbols;
  } else if (code.loaded) {
    Arena *arena = arena_new();
    program_load(program, function, arena);
    bool in_use = kept->arena && program->functions[kept->id].body;
    if (in_use || arena_bytes(arena) > LARGEST)
      code.own = arena;
    else
      keep(kept, arena, function);
  }
  return code;
}

void program_return(BorrowedCode *code) {
  if (code->loaded)
    program_unload(code->function);
  arena_free(code->own);
  arena_free(code->arena);
}
