/* pictures.c - what there is to say of a whole program is not stored: it is recalled, which
 * analyses only what is not in the database. */
#include "rule/registry.h"
#include "run/run.h"

RuleRun run_recall(Run *run, const AnalyseOptions *asked) {
  if (!run->models)
    run_load_models(run);
  AnalyseOptions options = *asked;
  options.enabled = arena_new_array(run->arena, bool, rule_count);
  options.settings = run->settings;
  options.project = &run->project;
  options.stack = run->stack;
  options.stores_nothing = true;
  return analyse_program(run->arena, run->store, run->models, run->symbols, &options).rules;
}

Pictures run_pictures(Run *run, const PicturesWanted *wanted) {
  RuleRun known = run_recall(run, &(AnalyseOptions){.lives = wanted->lives,
                                                    .chains = wanted->chains,
                                                    .cycles = wanted->cycles,
                                                    .contents = wanted->contents,
                                                    .lock_graph = wanted->locks});
  return (Pictures){.lives = {known.lives, known.life_count},
                    .stacks = {known.chains, known.chain_count},
                    .cycles = known.cycles,
                    .contents = known.contents,
                    .content_count = known.content_count,
                    .locks = known.lock_graph};
}
