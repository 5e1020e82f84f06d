/* picture.c - see store/chains.h. The chains of main and of threads; of a program that has
 * neither, those of the functions that others may call. */
#include <stdlib.h>
#include <string.h>

#include "rule/pass.h"

enum { OTHERS = 20 }; // those that take most

static StackChain picture_of(Pass *pass, const Chain *chain) {
  const ThreadRow *created = chain->root.created;
  StackChain picture = {.key = function_with(pass, chain->root.function)->declared.key,
                        .root = root_word(&chain->root),
                        .created = created ? created->function->declared.name : "",
                        .budget = chain->root.budget,
                        .words = budget_in_words(pass, &chain->root),
                        .low = chain->low,
                        .high = chain->high,
                        .frames = arena_new_array(pass->arena, StackFrame, chain->count),
                        .frame_count = chain->count};
  for (uint32_t i = 0; i < chain->count; i++) {
    const Declaration *declared = &function_with(pass, chain->links[i].function)->declared;
    const Frame *frame = &chain->links[i].frame;
    picture.frames[i] = (StackFrame){.function = declared->name,
                                     .path = declared->source,
                                     .low = frame->low,
                                     .high = frame->high,
                                     .grows = frame->grows,
                                     .exact = frame->exact};
  }
  return picture;
}

/* What is fullest first; main before all. */
static int compare_chains(const void *left, const void *right) {
  const StackChain *a = left, *b = right;
  bool a_main = !strcmp(a->root, "main"), b_main = !strcmp(b->root, "main");
  if (a_main != b_main)
    return a_main ? -1 : 1;
  double x = (double)a->high / (double)a->budget, y = (double)b->high / (double)b->budget;
  if (x < y || x > y)
    return x > y ? -1 : 1;
  int order = strcmp(a->frames->function, b->frames->function);
  return order ? order : strcmp(a->frames->path, b->frames->path);
}

StackChain *stack_chains(Pass *pass, uint32_t *count) {
  uint32_t found;
  const Chain *chains =
      chains_from_roots(pass, &(ChainsWanted){.by_high = true, .only_sure = true}, &found);
  bool any_stack = false;
  for (uint32_t i = 0; i < found; i++)
    any_stack |= chains[i].root.kind != ROOT_OTHER;
  StackChain *pictures = arena_new_array(pass->arena, StackChain, found);
  *count = 0;
  for (uint32_t i = 0; i < found; i++)
    if (chains[i].root.kind != ROOT_OTHER || !any_stack)
      pictures[(*count)++] = picture_of(pass, &chains[i]);
  if (*count)
    qsort(pictures, *count, sizeof *pictures, compare_chains);
  if (!any_stack && *count > OTHERS)
    *count = OTHERS;
  return pictures;
}
