/* help.c - --help, from the table in option_table.c. */
#include "cli/options.h"

#include <string.h>

enum { HELP_COLUMN = 30, LINE_WIDTH = 100 };

/* `text` from HELP_COLUMN on, broken between words. */
static void print_wrapped(FILE *to, int column, const char *text) {
  if (column >= HELP_COLUMN - 1) {
    fputc('\n', to);
    column = 0;
  }
  fprintf(to, "%*s", HELP_COLUMN - column, "");
  column = HELP_COLUMN;
  while (*text) {
    size_t length = strcspn(text, " ");
    if (column + (int)length > LINE_WIDTH && column > HELP_COLUMN) {
      fprintf(to, "\n%*s", HELP_COLUMN, "");
      column = HELP_COLUMN;
    }
    fprintf(to, "%.*s", (int)length, text);
    text += length;
    column += (int)length + 1;
    if (*text && column + (int)strcspn(text + 1, " ") <= LINE_WIDTH)
      fputc(' ', to);
    text += *text == ' ';
  }
  fputc('\n', to);
}

void options_help(FILE *to) {
  fputs("overstay - finds locks, threads, recursions and containers that overstay their welcome\n\n"
        "usage: overstay COMMAND ...\n\n",
        to);
  for (CommandId i = 0; i < COMMANDS_SHOWN; i++) {
    int column = fprintf(to, "  %s %s", command_table[i].name, command_table[i].arguments);
    print_wrapped(to, column, command_table[i].help);
  }
  fputs("\n  overstay COMMAND --help, overstay --version\n\n"
        "Start: overstay check, in a project that has a compile_commands.json.\n"
        "Exit codes: 0 nothing found, 1 findings, 2 usage or input, 3 some units failed,\n"
        "            4 internal error or output not writable, 128+n ended by a signal.\n",
        to);
}

static void print_option(FILE *to, Arena *arena, const OptionSpec *option) {
  char letter[4] = {'-', option->letter, 0, 0};
  const char *help = option->help;
  if (option->choices)
    help = arena_printf(arena, "%s: %s", help, option->choices);
  if (option->standard)
    help = arena_printf(arena, "%s [%s]", help, option->standard);
  int column = fprintf(to, "  %s%s%s%s%s%s", option->letter ? letter : "    ",
                       option->letter && option->name ? ", " : "", option->name ? "--" : "",
                       option->name ? option->name : "", option->value ? " " : "",
                       option->value ? option->value : "");
  print_wrapped(to, column, help);
}

void options_help_command(FILE *to, CommandId command) {
  const CommandSpec *spec = &command_table[command];
  fprintf(to, "usage: overstay %s %s\n\n%s\n", spec->name, spec->arguments, spec->help);
  Arena *arena = arena_new();
  const char *group = NULL;
  for (size_t i = 0; i < option_count; i++) {
    const OptionSpec *option = &option_table[i];
    if (option->kind == OPTION_GROUP)
      group = option->help;
    if (!option_belongs(option, command) || !(option->place & ON_COMMAND_LINE))
      continue;
    if (group)
      fprintf(to, "\n%s\n", group);
    group = NULL;
    print_option(to, arena, option);
  }
  arena_free(arena);
}
