/* config.c - `overstay config`: every setting of a run with its value and where that comes from, in
 * a form that is a configuration file itself. What a file cannot say stands in comments. */
#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "base/path.h"
#include "base/text.h"
#include "cli/outputs.h"
#include "command/commands.h"

enum { ORIGIN_COLUMN = 36 };

static void print_setting(Arena *arena, const OptionSpec *spec, const Setting *setting) {
  const char *value = setting->value;
  if (!value && spec->kind == OPTION_SWITCH)
    value = "no";
  const char *origin = setting->origin ? setting->origin : "default";
  if (!(spec->place & IN_FILE))
    origin = arena_printf(arena, "%s; not in a file", origin);
  int column = printf("%s%s =%s%s", value && (spec->place & IN_FILE) ? "" : "; ", spec->name,
                      value ? " " : "", value ? value : "");
  printf("%*s ; %s\n", column < ORIGIN_COLUMN ? ORIGIN_COLUMN - column : 0, "", origin);
}

int command_config(const Options *options) {
  Arena *arena = arena_new();
  const char *file = options->config;
  printf("; %s\n", file                 ? path_seen_from(arena, path_current(arena), file)
                   : options->no_config ? "no file is read, because of --no-config"
                                        : "there is no .overstay.ini here or above");
  const char *group = NULL;
  for (size_t i = 0; i < option_count; i++) {
    const OptionSpec *spec = &option_table[i];
    if (spec->kind == OPTION_GROUP)
      group = spec->help;
    bool chooses_file = spec->name && text_ends(spec->name, "config");
    if (!option_belongs(spec, COMMAND_CONFIG) || !spec->name || chooses_file)
      continue;
    if (group)
      printf("\n; %s\n", group);
    group = NULL;
    print_setting(arena, spec, &options->settings[i]);
  }
  for (size_t i = 0; i < options->programs.count; i++) {
    const LinkedProgram *program = &options->programs.at[i];
    printf("\n[program %s]\nfiles = %s ; %s\n", program->name, program->value, program->origin);
  }
  outputs_finish_stdout();
  arena_free(arena);
  return EXIT_CLEAN;
}
