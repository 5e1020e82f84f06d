/* dump_runs.c - see dump_runs.h */
#include "command/dump_runs.h"

#include <stdio.h>

#include "report/words.h"
#include "run/analyse.h"

struct RunsDump {
  ModelSet *models;
  Program *program;
  Multiplicities *multiplicities;
};

RunsDump *runs_dump_new(Arena *arena, Store *store, const Project *project, TextPool *symbols) {
  RunsDump *dump = arena_new_one(arena, RunsDump);
  dump->models = project_models(arena, project, symbols);
  dump->program = analyse_link(arena, store, project, dump->models, symbols);
  dump->multiplicities = multiplicities_new(dump->program);
  return dump;
}

void runs_dump_free(RunsDump *dump) {
  if (!dump)
    return;
  multiplicities_free(dump->multiplicities);
  program_free(dump->program);
  models_free(dump->models);
}

static const char *const how_often[] = {
    [RUNS_NEVER] = "never",     [RUNS_ONCE] = "once", [RUNS_BOUNDED] = "bounded",
    [RUNS_COUNTED] = "counted", [RUNS_ANY] = "any",
};

static void print_life(uint32_t life) {
  static const char *const names[] = {"init", "run", "teardown"};
  for (uint32_t i = 0; i < 3; i++)
    if (life >> i & 1)
      printf(" %s", names[i]);
}

static void print_verb(const RunsStep *step, const char *caller, const char *callee) {
  switch (step->cause) {
  case CAUSE_MAIN:
    printf("%s is where the program begins", callee);
    break;
  case CAUSE_CONSTRUCTOR:
    printf("%s is a constructor", callee);
    break;
  case CAUSE_DESTRUCTOR:
    printf("%s is a destructor", callee);
    break;
  case CAUSE_EXPORTED:
    printf("%s may be called by others", callee);
    break;
  case CAUSE_OUTSIDE:
    printf("%s is stored for others to call", callee);
    break;
  case CAUSE_SIGNAL:
    printf("%s handles a signal", callee);
    break;
  case CAUSE_CALLED:
  case CAUSE_SLOT:
    printf("%s calls %s", caller, callee);
    break;
  case CAUSE_THREAD:
    printf("%s starts a thread on %s", caller, callee);
    break;
  case CAUSE_CALLBACK:
    printf("%s hands on %s, to be called", caller, callee);
    break;
  case CAUSE_EXIT:
    printf("%s registers %s for the end", caller, callee);
    break;
  case CAUSE_ONCE:
    printf("%s lets %s run once", caller, callee);
    break;
  case CAUSE_CHILD:
    printf("%s makes a process for %s", caller, callee);
    break;
  case CAUSE_RECURSION:
    printf("%s calls %s, which leads back", caller, callee);
    break;
  case CAUSE_HERE:
    printf("%s repeats it", caller);
    break;
  }
}

static void print_step(const RunsDump *dump, Arena *scratch, const RunsStep *step) {
  const Program *program = dump->program;
  const Declaration *from =
      step->caller == NO_RUNS_CALLER ? NULL : &program->functions[step->caller].declared;
  const char *caller = from ? from->name : step->slot;
  printf("    ");
  print_verb(step, caller, program->functions[step->function].declared.name);
  if (step->slot && from)
    printf(" through %s", step->slot);
  if (step->line)
    printf(", %s:%u", visible(scratch, from->source), step->line);
  if (step->guard)
    printf(", by %s", step->guard);
  if (step->repeats != REPEATS_ONCE && from)
    printf(": %s", how_often[step->repeats + 1]);
  if (step->loop_line)
    printf(" in the loop of line %u", step->loop_line);
  putchar('\n');
}

static void print_steps(const RunsDump *dump, Arena *scratch, uint32_t function,
                        uint32_t instruction) {
  uint32_t count;
  const RunsStep *steps =
      multiplicity_reason(dump->multiplicities, scratch, function, instruction, &count);
  for (uint32_t i = 0; i < count; i++)
    print_step(dump, scratch, &steps[i]);
}

void runs_dump_print(RunsDump *dump, Arena *scratch, uint32_t function) {
  const Declaration *declared = &dump->program->functions[function].declared;
  if (declared->flags & FUNCTION_INITIALISER)
    return;
  Multiplicity m = multiplicity_of(dump->multiplicities, function);
  printf("%s\n  %s", visible(scratch, declared->key), how_often[m.runs]);
  print_life(m.life);
  puts(m.assumed ? " assumed" : "");
  print_steps(dump, scratch, function, NO_RUNS_INSTRUCTION);
}

void runs_dump_explain(RunsDump *dump, Arena *scratch, uint32_t function, uint32_t instruction) {
  const Declaration *declared = &dump->program->functions[function].declared;
  Multiplicities *all = dump->multiplicities;
  bool whole = instruction == NO_RUNS_INSTRUCTION;
  Multiplicity m =
      whole ? multiplicity_of(all, function) : multiplicity_at(all, function, instruction);
  printf("%s'%s' (%s) runs %s\n", whole ? "" : "this place of ", declared->name,
         visible(scratch, declared->source),
         multiplicity_words(all, scratch, function, instruction));
  if (m.life) {
    printf("  part of the process's life:");
    print_life(m.life);
    putchar('\n');
  }
  print_steps(dump, scratch, function, instruction);
}
