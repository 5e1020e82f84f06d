/* graph.c - `overstay graph`: pictures of the whole program, from the database of the last run.
 * What changed since is not read, so sources are not needed. */
#include <string.h>

#include "base/message.h"
#include "command/commands.h"
#include "cli/outputs.h"
#include "run/run.h"

typedef enum { GRAPH_THREADS, GRAPH_STACK, GRAPH_CALLS, GRAPH_LOCKS, GRAPHS } Graph;

static void threads_dot(FILE *out, const void *all) {
  lifelines_dot(out, &((const Pictures *)all)->lives);
}
static void threads_svg(FILE *out, const void *all) {
  lifelines_svg(out, &((const Pictures *)all)->lives);
}
static void threads_json(FILE *out, const void *all) {
  lifelines_json(out, &((const Pictures *)all)->lives);
}
static void stack_dot(FILE *out, const void *all) {
  stacks_dot(out, &((const Pictures *)all)->stacks);
}
static void stack_svg(FILE *out, const void *all) {
  stacks_svg(out, &((const Pictures *)all)->stacks);
}
static void stack_json(FILE *out, const void *all) {
  stacks_json(out, &((const Pictures *)all)->stacks);
}

static void calls_dot(FILE *out, const void *all) {
  cycles_dot(out, &((const Pictures *)all)->cycles);
}
static void calls_svg(FILE *out, const void *all) {
  cycles_svg(out, &((const Pictures *)all)->cycles);
}
static void calls_json(FILE *out, const void *all) {
  cycles_json(out, &((const Pictures *)all)->cycles);
}

static void locks_as_dot(FILE *out, const void *all) {
  locks_dot(out, &((const Pictures *)all)->locks);
}
static void locks_as_svg(FILE *out, const void *all) {
  locks_svg(out, &((const Pictures *)all)->locks);
}
static void locks_as_json(FILE *out, const void *all) {
  locks_json(out, &((const Pictures *)all)->locks);
}

static Graph find_graph(const char *name) {
  static const char *const names[] = {"threads", "stack", "calls", "locks"};
  for (Graph i = GRAPH_THREADS; i < GRAPHS; i++)
    if (!strcmp(names[i], name))
      return i;
  die(EXIT_USAGE, "graph: '%s' is not known; there are: threads, stack, calls, locks", name);
}

static OutputFunction *writer_of(Graph graph, const char *format) {
  static const char *const formats[] = {"dot", "svg", "json"};
  static OutputFunction *const writers[GRAPHS][3] = {{threads_dot, threads_svg, threads_json},
                                                     {stack_dot, stack_svg, stack_json},
                                                     {calls_dot, calls_svg, calls_json},
                                                     {locks_as_dot, locks_as_svg, locks_as_json}};
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
    if (!strcmp(formats[i], format))
      return writers[graph][i];
  die(EXIT_USAGE, "graph: there is no format '%s'; there are: dot, svg, json", format);
}

static void write_graph(const Options *options, OutputFunction *write, const Pictures *all) {
  if (options->output && strcmp(options->output, "-")) {
    outputs_write_file(options->output, write, all);
    return;
  }
  write(stdout, all);
  outputs_finish_stdout();
}

int command_graph(const Options *options) {
  Graph graph = find_graph(options->arguments.at[0]);
  OutputFunction *write = writer_of(graph, options->format); // an error before the work
  Run run = {.arena = arena_new(), .options = options};
  run.project = project_find(run.arena, options);
  run.store = project_store(run.arena, options, &run.project, STORE_READ);
  Pictures all = run_pictures(&run, &(PicturesWanted){.lives = graph == GRAPH_THREADS,
                                                      .chains = graph == GRAPH_STACK,
                                                      .cycles = graph == GRAPH_CALLS,
                                                      .locks = graph == GRAPH_LOCKS});
  write_graph(options, write, &all);
  store_close(run.store);
  models_free(run.models);
  text_pool_free(run.symbols);
  arena_free(run.arena);
  return EXIT_CLEAN;
}
