/* main.c - the entry: makes the process fit to run, and calls the command. */
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <unistd.h>

#include "base/guard.h"
#include "base/message.h"
#include "command/commands.h"
#include "cli/options.h"
#include "pipeline.h"
#include "cli/rescue.h"

/* A process that was started with stdout closed would otherwise get its database as file 1. */
static void open_standard_files(void) {
  int file;
  do
    file = open("/dev/null", O_RDWR);
  while (file >= 0 && file <= STDERR_FILENO);
  if (file >= 0)
    close(file);
}

/* Where jansson gets its memory: it would call a text that it has no room for invalid. */
static void *allocate(size_t bytes) { return memory_resize(NULL, bytes); }

static int run(const Options *options) {
  switch (options->command) {
  case COMMAND_CHECK:
    return pipeline_check(options);
  case COMMAND_REPORT:
    return pipeline_report(options);
  case COMMAND_RULES:
    return command_rules(options);
  case COMMAND_EXPLAIN:
    return command_explain(options);
  case COMMAND_GRAPH:
    return command_graph(options);
  case COMMAND_CONTRACT:
    return command_contract(options);
  case COMMAND_MODELS:
    return command_models(options);
  case COMMAND_DUMP:
    return command_dump(options);
  case COMMAND_DB:
    return command_db(options);
  case COMMAND_TU:
    return pipeline_tu(options);
  case COMMAND_LINK:
    return pipeline_link(options);
  case COMMAND_PLAN:
    return command_plan(options);
  case COMMAND_BASELINE:
    return pipeline_baseline(options);
  case COMMAND_CONFIG:
    return command_config(options);
  case COMMAND_COMPLETIONS:
    return command_completions(options);
  case COMMAND_MANUAL:
    return command_manual(options);
  case COMMAND_VERSION:
    return command_version(options);
  case COMMAND_COUNT:
    break;
  }
  bug("no such command: %d", options->command);
}

int main(int count, char **arguments) {
  open_standard_files();
  if (guard_on("sigpipe"))
    signal(SIGPIPE, SIG_IGN); // writing to a reader that left is an error of write, not our end
  if (guard_on("memory"))
    json_set_alloc_funcs(allocate, memory_free);
  Arena *arena = arena_new();
  Options options = options_parse(arena, count, arguments);
  if (options.quiet)
    message_set_quiet();
  bool is_run = options.command == COMMAND_CHECK || options.command == COMMAND_LINK ||
                options.command == COMMAND_BASELINE;
  if (is_run && !options.no_cache)
    rescue_prepare();
  int code = run(&options);
  arena_free(arena);
  return code;
}
