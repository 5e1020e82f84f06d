/* graph.c - `overstay graph`: pictures of the whole program, from the database of the last run.
 * What changed since is not read, so sources are not needed. */
#include <string.h>

#include "base/message.h"
#include "command/commands.h"
#include "cli/outputs.h"
#include "report/lifelines.h"
#include "run/run.h"

typedef struct {
  const char *format;
  OutputFunction *write;
} Form;

static void write_dot(FILE *out, const void *all) { lifelines_dot(out, all); }
static void write_svg(FILE *out, const void *all) { lifelines_svg(out, all); }
static void write_json(FILE *out, const void *all) { lifelines_json(out, all); }

static OutputFunction *writer_of(const char *format) {
  static const Form forms[] = {{"dot", write_dot}, {"svg", write_svg}, {"json", write_json}};
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (!strcmp(forms[i].format, format))
      return forms[i].write;
  die(EXIT_USAGE, "graph: there is no format '%s'; there are: dot, svg, json", format);
}

static void write_graph(const Options *options, const Lifelines *all) {
  OutputFunction *write = writer_of(options->format);
  if (options->output && strcmp(options->output, "-")) {
    outputs_write_file(options->output, write, all);
    return;
  }
  write(stdout, all);
  outputs_finish_stdout();
}

int command_graph(const Options *options) {
  if (strcmp(options->arguments.at[0], "threads"))
    die(EXIT_USAGE, "graph: '%s' is not known; there are: threads", options->arguments.at[0]);
  writer_of(options->format); // a misspelt one is an error before the work
  Run run = {.arena = arena_new(), .options = options};
  run.project = project_find(run.arena, options);
  run_load_models(&run);
  run.store = project_store(run.arena, options, &run.project, STORE_READ);
  bool *enabled = arena_new_array(run.arena, bool, rule_count);
  AnalyseResult result = analyse_program(run.arena, run.store, run.models, run.symbols,
                                         &(AnalyseOptions){.enabled = enabled,
                                                           .settings = run_settings(&run),
                                                           .stack = run.stack,
                                                           .lives = true,
                                                           .stores_nothing = true});
  write_graph(options, &(Lifelines){result.lives, result.life_count});
  store_close(run.store);
  models_free(run.models);
  text_pool_free(run.symbols);
  arena_free(run.arena);
  return EXIT_CLEAN;
}
