/* options.c - parsing and help, from the table in option_table.c. */
#include "cli/options.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/text.h"

#ifndef OVERSTAY_VERSION
#define OVERSTAY_VERSION "unknown"
#endif

enum { HELP_COLUMN = 30, LINE_WIDTH = 100 };

typedef struct {
  Arena *arena;
  Options *options;
  const char *source; // what a message blames: "--jobs", "-j" or "OVERSTAY_JOBS"
} Parse;

static noreturn void usage(const Options *options, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static noreturn void usage(const Options *options, const char *format, ...) {
  char what[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(what, sizeof what, format, arguments);
  va_end(arguments);
  if (options)
    die(EXIT_USAGE, "%s\n  overstay %s --help lists what there is", what,
        command_table[options->command].name);
  die(EXIT_USAGE, "%s\n  overstay --help lists what there is", what);
}

/* ---- values */

/* Place of `value` in "a|b|c"; -1 when it is not there. */
static int choice_of(const char *choices, const char *value) {
  size_t length = strlen(value);
  for (int place = 0;; place++) {
    size_t part = strcspn(choices, "|");
    if (part == length && !strncmp(choices, value, length))
      return place;
    if (!choices[part])
      return -1;
    choices += part + 1;
  }
}

static int must_choose(const Parse *p, const OptionSpec *spec, const char *value) {
  int place = choice_of(spec->choices, value);
  if (place < 0)
    usage(p->options, "%s: '%s' is none of %s", p->source, value, spec->choices);
  return place;
}

/* A number with one of the units after it; `scales` belong to the characters of `units`. */
static double number_with_unit(const Parse *p, const char *value, const char *units,
                               const double *scales) {
  char *end;
  errno = 0;
  double number = strtod(value, &end);
  bool fine =
      end != value && !errno && isfinite(number) && number > 0 && isdigit((unsigned char)value[0]);
  const char *unit = *end ? strchr(units, *end) : NULL;
  if (fine && unit) {
    number *= scales[unit - units];
    end++;
  }
  if (!fine || *end)
    usage(p->options, "%s: '%s' is not a positive number with one of the units %s", p->source,
          value, units);
  return number;
}

static double seconds(const Parse *p, const char *value) {
  static const double scales[] = {1, 60, 3600};
  double number = number_with_unit(p, value, "smh", scales);
  if (number > 1e6)
    usage(p->options, "%s: '%s' is too long", p->source, value);
  return number;
}

static uint64_t bytes(const Parse *p, const char *value) {
  static const double scales[] = {1024.0, 1024.0 * 1024, 1024.0 * 1024 * 1024};
  double number = number_with_unit(p, value, "KMG", scales);
  if (number < 64.0 * 1024 * 1024 || number > 1e15)
    usage(p->options, "%s: '%s' is not between 64M and 900000G", p->source, value);
  return (uint64_t)number;
}

static uint32_t count(const Parse *p, const char *value) {
  char *end;
  errno = 0;
  unsigned long number = strtoul(value, &end, 10);
  if (!isdigit((unsigned char)value[0]) || *end || errno || !number || number > 1024)
    usage(p->options, "%s: '%s' is not a number from 1 to 1024", p->source, value);
  return (uint32_t)number;
}

static void add_text(Arena *arena, Texts *to, const char *text) {
  to->at = arena_grow(arena, to->at, sizeof *to->at, to->count, &to->capacity, to->count + 1);
  to->at[to->count++] = text;
}

static void add_list(const Parse *p, Texts *to, const char *value) {
  for (const char *part = value; *part;) {
    size_t length = strcspn(part, ",");
    if (length)
      add_text(p->arena, to, arena_text_n(p->arena, part, length));
    part += length;
    part += *part == ',';
  }
}

static void add_output(const Parse *p, const OptionSpec *spec, Outputs *to, const char *value) {
  const char *equals = strchr(value, '=');
  if (!equals || !equals[1])
    usage(p->options, "%s: '%s' is not of the form FORMAT=FILE", p->source, value);
  Output output = {arena_text_n(p->arena, value, (size_t)(equals - value)), equals + 1};
  must_choose(p, spec, output.format);
  to->at = arena_grow(p->arena, to->at, sizeof *to->at, to->count, &to->capacity, to->count + 1);
  to->at[to->count++] = output;
}

static void set(const Parse *p, const OptionSpec *spec, const char *value) {
  char *field = (char *)p->options + spec->field;
  switch (spec->kind) {
  case OPTION_SWITCH:
    *(bool *)field = true;
    break;
  case OPTION_TEXT:
    if (!value[0])
      usage(p->options, "%s: the value is empty", p->source);
    *(const char **)field = value;
    break;
  case OPTION_CHOICE:
    *(int *)field = must_choose(p, spec, value);
    break;
  case OPTION_WORD:
    must_choose(p, spec, value);
    *(const char **)field = value;
    break;
  case OPTION_COUNT:
    *(uint32_t *)field = count(p, value);
    break;
  case OPTION_SECONDS:
    *(double *)field = seconds(p, value);
    break;
  case OPTION_BYTES:
    *(uint64_t *)field = bytes(p, value);
    break;
  case OPTION_LIST:
    add_list(p, (Texts *)field, value);
    break;
  case OPTION_OUTPUT:
    add_output(p, spec, (Outputs *)field, value);
    break;
  }
}

/* ---- which option */

static bool belongs(const OptionSpec *spec, CommandId command) {
  return spec->commands & (1u << command);
}

static const OptionSpec *find_long(CommandId command, const char *name, size_t length) {
  for (size_t i = 0; i < option_count; i++) {
    const OptionSpec *spec = &option_table[i];
    if (belongs(spec, command) && spec->name && strlen(spec->name) == length &&
        !strncmp(spec->name, name, length))
      return spec;
  }
  return NULL;
}

static const OptionSpec *find_letter(CommandId command, char letter) {
  for (size_t i = 0; i < option_count; i++)
    if (belongs(&option_table[i], command) && option_table[i].letter == letter)
      return &option_table[i];
  return NULL;
}

/* How many letters have to change to make one name of the other. */
static size_t distance(const char *a, const char *b) {
  size_t row[64], length = strlen(b);
  if (length >= sizeof row / sizeof *row)
    return length;
  for (size_t j = 0; j <= length; j++)
    row[j] = j;
  for (size_t i = 1; *a; a++, i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= length; j++) {
      size_t change = diagonal + (*a != b[j - 1]);
      diagonal = row[j];
      size_t shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
      row[j] = change < shorter ? change : shorter;
    }
  }
  return row[length];
}

static noreturn void unknown_option(const Options *options, const char *name) {
  const char *best = NULL;
  size_t least = 3;
  for (size_t i = 0; i < option_count; i++) {
    const OptionSpec *spec = &option_table[i];
    if (!belongs(spec, options->command) || !spec->name || distance(name, spec->name) >= least)
      continue;
    least = distance(name, spec->name);
    best = spec->name;
  }
  if (best)
    usage(options, "unknown option '--%s'; did you mean '--%s'?", name, best);
  usage(options, "unknown option '--%s'", name);
}

/* ---- the command line */

typedef struct {
  int count, next;
  char **at;
} Line;

static const char *take_value(const Parse *p, Line *line) {
  if (line->next >= line->count)
    usage(p->options, "%s needs a value", p->source);
  return line->at[line->next++];
}

static void help_and_exit(const Options *options) {
  options_help_command(stdout, options->command);
  exit(EXIT_CLEAN);
}

static void take_long(Parse *p, Line *line, const char *argument) {
  const char *name = argument + 2;
  size_t length = strcspn(name, "=");
  const char *joined = name[length] ? name + length + 1 : NULL;
  if (!strcmp(name, "help"))
    help_and_exit(p->options);
  const OptionSpec *spec = find_long(p->options->command, name, length);
  if (!spec)
    unknown_option(p->options, arena_text_n(p->arena, name, length));
  p->source = arena_printf(p->arena, "--%s", spec->name);
  if (spec->kind == OPTION_SWITCH && joined)
    usage(p->options, "%s takes no value", p->source);
  set(p, spec, spec->kind == OPTION_SWITCH ? "" : joined ? joined : take_value(p, line));
}

static void take_letters(Parse *p, Line *line, const char *argument) {
  for (const char *letter = argument + 1; *letter; letter++) {
    if (*letter == 'h')
      help_and_exit(p->options);
    const OptionSpec *spec = find_letter(p->options->command, *letter);
    p->source = arena_printf(p->arena, "-%c", *letter);
    if (!spec)
      usage(p->options, "unknown option '%s'", p->source);
    if (spec->kind == OPTION_SWITCH) {
      set(p, spec, "");
      continue;
    }
    set(p, spec, letter[1] ? letter + 1 : take_value(p, line));
    return;
  }
}

static CommandId find_command(const char *name) {
  for (CommandId i = 0; i < COMMAND_COUNT; i++)
    if (!strcmp(command_table[i].name, name))
      return i;
  for (CommandId i = 0; i < COMMAND_COUNT; i++)
    if (distance(name, command_table[i].name) < 3)
      usage(NULL, "unknown command '%s'; did you mean '%s'?", name, command_table[i].name);
  usage(NULL, "unknown command '%s'", name);
}

static CommandId take_command(Line *line) {
  const char *name = line->next < line->count ? line->at[line->next] : NULL;
  if (!name) {
    options_help(stderr);
    exit(EXIT_USAGE);
  }
  line->next++;
  if (!strcmp(name, "--version")) {
    puts("overstay " OVERSTAY_VERSION);
    exit(EXIT_CLEAN);
  }
  if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help")) {
    if (line->next < line->count)
      options_help_command(stdout, find_command(line->at[line->next]));
    else
      options_help(stdout);
    exit(EXIT_CLEAN);
  }
  if (name[0] == '-')
    usage(NULL, "the command stands before the options: overstay check %s ...", name);
  return find_command(name);
}

static void take_arguments(Parse *p, Line *line) {
  bool only_arguments = false;
  while (line->next < line->count) {
    const char *argument = line->at[line->next++];
    if (only_arguments || argument[0] != '-' || !argument[1])
      add_text(p->arena, &p->options->arguments, argument);
    else if (!strcmp(argument, "--"))
      only_arguments = true;
    else if (!strcmp(argument, "--version"))
      puts("overstay " OVERSTAY_VERSION), exit(EXIT_CLEAN);
    else if (argument[1] == '-')
      take_long(p, line, argument);
    else
      take_letters(p, line, argument);
  }
}

/* ---- defaults and environment */

static bool is_no(const char *value) {
  return !value[0] || choice_of("0|no|false|off|never", value) >= 0;
}

static void take_environment(Parse *p, const OptionSpec *spec) {
  char *name = arena_printf(p->arena, "OVERSTAY_%s", spec->name);
  for (char *c = name; *c; c++)
    *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
  const char *value = getenv(name);
  if (!value || !value[0] || (spec->kind == OPTION_SWITCH && is_no(value)))
    return;
  p->source = name;
  set(p, spec, value);
}

static void set_before(Parse *p) {
  for (size_t i = 0; i < option_count; i++) {
    const OptionSpec *spec = &option_table[i];
    if (!belongs(spec, p->options->command))
      continue;
    if (spec->standard)
      set(p, spec, spec->standard);
    if (spec->name)
      take_environment(p, spec);
  }
}

Options options_parse(Arena *arena, int argument_count, char **arguments) {
  Line line = {argument_count, 1, arguments};
  Options options = {.command = take_command(&line)};
  Parse p = {arena, &options, ""};
  set_before(&p);
  take_arguments(&p, &line);
  const CommandSpec *command = &command_table[options.command];
  if (options.arguments.count < command->at_least || options.arguments.count > command->at_most)
    usage(&options, "usage: overstay %s %s", command->name, command->arguments);
  return options;
}

/* ---- help */

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
  for (CommandId i = 0; i < COMMAND_COUNT; i++) {
    int column = fprintf(to, "  %s %s", command_table[i].name, command_table[i].arguments);
    print_wrapped(to, column, command_table[i].help);
  }
  fputs("\n  overstay COMMAND --help, overstay --version\n\n"
        "Start: overstay check, in a project that has a compile_commands.json.\n"
        "Exit codes: 0 nothing found, 1 findings, 2 usage or input, 3 some units failed,\n"
        "            4 internal error or output not writable, 128+n ended by a signal.\n",
        to);
}

void options_help_command(FILE *to, CommandId command) {
  const CommandSpec *spec = &command_table[command];
  fprintf(to, "usage: overstay %s %s\n\n%s\n\n", spec->name, spec->arguments, spec->help);
  Arena *arena = arena_new();
  for (size_t i = 0; i < option_count; i++) {
    const OptionSpec *option = &option_table[i];
    if (!belongs(option, command))
      continue;
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
  arena_free(arena);
}
