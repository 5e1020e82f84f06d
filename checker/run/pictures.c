/* pictures.c - what there is to draw of a program is not stored: it is recalled, which analyses
 * only what is not in the database. */
#include "rule/registry.h"
#include "run/analyse.h"
#include "run/run.h"

Pictures run_pictures(Run *run, const PicturesWanted *wanted) {
  if (!run->models)
    run_load_models(run);
  bool *enabled = arena_new_array(run->arena, bool, rule_count);
  AnalyseResult result = analyse_program(run->arena, run->store, run->models, run->symbols,
                                         &(AnalyseOptions){.enabled = enabled,
                                                           .settings = run_settings(run),
                                                           .stack = run->stack,
                                                           .lives = wanted->lives,
                                                           .chains = wanted->chains,
                                                           .cycles = wanted->cycles,
                                                           .stores_nothing = true});
  return (Pictures){.lives = {result.rules.lives, result.rules.life_count},
                    .stacks = {result.rules.chains, result.rules.chain_count},
                    .cycles = result.rules.cycles};
}
