/* manual.c - `overstay manual`: the manual page as roff, from the table of options and commands.
 * Only what is in no table is written here. */
#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "cli/outputs.h"
#include "command/commands.h"
#include "run/selection.h"

/* Text as it is: hyphens that can be copied, and no line that begins a request. */
static void put(const char *text) {
  for (const char *c = text; *c; c++) {
    if ((*c == '.' || *c == '\'') && (c == text || c[-1] == '\n'))
      fputs("\\&", stdout);
    if (*c == '-' || *c == '\\')
      fputs(*c == '-' ? "\\-" : "\\e", stdout);
    else
      putchar(*c);
  }
}

static void put_bold(const char *text) {
  fputs("\\fB", stdout);
  put(text);
  fputs("\\fR", stdout);
}

static void put_paragraphs(const char *text) {
  for (; *text; text++)
    if (text[0] == '\n' && text[1] == '\n') {
      fputs("\n.PP\n", stdout);
      text++;
    } else {
      put((const char[]){*text, 0});
    }
  putchar('\n');
}

static void print_commands(void) {
  for (CommandId i = 0; i < COMMANDS_SHOWN; i++) {
    const CommandSpec *command = &command_table[i];
    fputs(".TP\n", stdout);
    put_bold(command->name);
    putchar(' ');
    put(command->arguments);
    putchar('\n');
    put(command->help);
    fputs(".\n", stdout);
  }
}

static void print_where(const OptionSpec *spec) {
  if (spec->commands & (1u << COMMAND_CHECK))
    return;
  const char *before = "Of ";
  for (CommandId i = 0; i < COMMAND_COUNT; i++)
    if (option_belongs(spec, i) && i != COMMAND_CONFIG) {
      fputs(before, stdout);
      put_bold(command_table[i].name);
      before = ", ";
    }
  fputs(".\n", stdout);
}

static void print_option(const OptionSpec *spec) {
  fputs(".TP\n", stdout);
  if (!(spec->place & ON_COMMAND_LINE)) {
    put_bold(spec->name);
    fputs(" =", stdout);
  } else {
    if (spec->letter)
      put_bold((const char[]){'-', spec->letter, 0});
    if (spec->letter && spec->name)
      fputs(", ", stdout);
    if (spec->name) {
      put_bold("--");
      put_bold(spec->name);
    }
  }
  if (spec->value) {
    fputs(" \\fI", stdout);
    put(spec->value);
    fputs("\\fR", stdout);
  }
  putchar('\n');
  put(spec->help);
  fputs(".\n", stdout);
  if (spec->choices || spec->standard) {
    if (spec->choices) {
      fputs("One of ", stdout);
      put(spec->choices);
    }
    if (spec->standard) {
      fputs(spec->choices ? "; default " : "Default ", stdout);
      put(spec->standard);
    }
    fputs(".\n", stdout);
  }
  print_where(spec);
}

static void print_options(void) {
  for (size_t i = 0; i < option_count; i++) {
    if (option_table[i].kind == OPTION_GROUP) {
      fputs(".SS ", stdout);
      put(option_table[i].help);
      putchar('\n');
    } else {
      print_option(&option_table[i]);
    }
  }
}

static void print_rules(void) {
  const Options none = {0};
  Arena *arena = arena_new();
  const RuleInfo *rules = selection_rules(arena, &none);
  for (size_t i = 0; i < selection_rule_count(); i++) {
    fputs(".TP\n", stdout);
    put_bold(rules[i].id);
    putchar('\n');
    put(rules[i].summary);
    fputs(".\n", stdout);
  }
  arena_free(arena);
}

typedef struct {
  const char *heading, *text;
} Section;

static const Section first[] = {
    {"DESCRIPTION",
     "Reads a whole C program through its compile_commands.json, and reports locks that are kept, "
     "threads that nobody joins, recursion that nothing bounds, and other things that stay too "
     "long. "
     "Each finding comes with the path that leads there.\n\n"
     "The first run reads everything, later ones what changed. What was read is kept in "
     ".overstay/facts.db beside compile_commands.json."},
};

static const Section last[] = {
    {"EXIT STATUS",
     "0: nothing at or above --fail-on. 1: such findings. 2: usage, configuration or input. "
     "3: no such finding, but not everything was analysed. 4: internal error, or the database or "
     "an "
     "output cannot be written. 128+n: ended by signal n."},
    {"CONFIGURATION",
     "Settings stand as KEY = VALUE in .overstay.ini, which is looked for from the current "
     "directory "
     "up to the first .git. Every option above that has a name is a key, but for those that name "
     "outputs, revisions or pieces of a run; switches are yes or no. Names of files are meant from "
     "the folder of the configuration, and must lie in its tree.\n\n"
     "The command line wins over the environment, that over the file, and that over the default. "
     "overstay config prints all settings with their origin."},
    {"ENVIRONMENT",
     "OVERSTAY_NAME sets the option --name: OVERSTAY_FAIL_ON=error, OVERSTAY_STATS=yes. NO_COLOR, "
     "CLICOLOR_FORCE and TERM=dumb decide about colours, XDG_CACHE_HOME about where the database "
     "goes when its usual place cannot be written."},
    {"FILES", ".overstay.ini, .overstay.model (what library functions do), "
              ".overstay-baseline.jsonl (findings "
              "that are known), .overstay/facts.db."},
};

static void print_sections(const Section *sections, size_t count) {
  for (size_t i = 0; i < count; i++) {
    printf(".SH %s\n", sections[i].heading);
    put_paragraphs(sections[i].text);
  }
}

int command_manual(const Options *options) {
  (void)options;
  printf(".TH OVERSTAY 1 \"\" \"overstay " OVERSTAY_VERSION "\" \"User Commands\"\n"
         ".SH NAME\noverstay \\- find locks, threads and recursions that overstay their welcome\n"
         ".SH SYNOPSIS\n.B overstay\n.I COMMAND\n[\\fIOPTION\\fR...] [\\fIARGUMENT\\fR...]\n");
  print_sections(first, sizeof first / sizeof *first);
  fputs(".SH COMMANDS\n", stdout);
  print_commands();
  fputs(".SH OPTIONS\nOptions are those of \\fBcheck\\fR where nothing else is said.\n", stdout);
  print_options();
  fputs(".SH RULES\n\\fBoverstay explain\\fR \\fIRULE\\fR shows the page of a rule.\n", stdout);
  print_rules();
  print_sections(last, sizeof last / sizeof *last);
  outputs_finish_stdout();
  return EXIT_CLEAN;
}
