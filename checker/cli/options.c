/* options.c - what was given, in the order in which it wins: defaults, the configuration file,
 * OVERSTAY_* variables, the command line. */
#include "cli/options.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/guard.h"
#include "base/message.h"
#include "base/path.h"
#include "base/text.h"
#include "cli/config.h"
#include "cli/values.h"

/* ---- which option */

bool option_belongs(const OptionSpec *spec, CommandId command) {
  return spec->commands & (1u << command);
}

static const OptionSpec *find_long(CommandId command, const char *name, size_t length) {
  for (size_t i = 0; i < option_count; i++) {
    const OptionSpec *spec = &option_table[i];
    if (option_belongs(spec, command) && spec->name && strlen(spec->name) == length &&
        !strncmp(spec->name, name, length))
      return spec;
  }
  return NULL;
}

static const OptionSpec *find_letter(CommandId command, char letter) {
  for (size_t i = 0; i < option_count; i++)
    if (option_belongs(&option_table[i], command) && option_table[i].letter == letter)
      return &option_table[i];
  return NULL;
}

/* Of the options that have this bit of `place`, and with `command` < COMMAND_COUNT of this one. */
static const char *guess_option(Arena *arena, const char *name, OptionPlace place,
                                CommandId command) {
  const char *dashes = place == ON_COMMAND_LINE ? "--" : "";
  Nearest nearest = {.to = arena_printf(arena, "%s%s", dashes, name)};
  for (size_t i = 0; i < option_count; i++) {
    const OptionSpec *spec = &option_table[i];
    if (spec->name && (spec->place & place) &&
        (command == COMMAND_COUNT || option_belongs(spec, command)))
      value_nearest(&nearest, arena_printf(arena, "%s%s", dashes, spec->name));
  }
  return value_guess(arena, &nearest);
}

static noreturn void unknown_option(const Parse *p, const char *name) {
  const char *guess = guess_option(p->arena, name, ON_COMMAND_LINE, p->options->command);
  usage(p->options, "unknown option '--%s'%s", name, guess);
}

/* ---- the command line */

typedef struct {
  const OptionSpec *spec;
  const char *source, *value;
} Given;

typedef struct {
  Given *at;
  size_t count, capacity;
} Givens;

typedef struct {
  int count, next;
  char **at;
  Givens *givens;
} Line;

static void give(const Parse *p, Line *line, const OptionSpec *spec, const char *value) {
  Givens *to = line->givens;
  to->at = arena_grow(p->arena, to->at, sizeof *to->at, to->count, &to->capacity, to->count + 1);
  to->at[to->count++] = (Given){spec, p->source, value};
}

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
    unknown_option(p, arena_text_n(p->arena, name, length));
  p->source = arena_printf(p->arena, "--%s", spec->name);
  if (spec->kind == OPTION_SWITCH && joined)
    usage(p->options, "%s takes no value", p->source);
  give(p, line, spec, spec->kind == OPTION_SWITCH ? "yes" : joined ? joined : take_value(p, line));
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
      give(p, line, spec, "yes");
      continue;
    }
    give(p, line, spec, letter[1] ? letter + 1 : take_value(p, line));
    return;
  }
}

static CommandId find_command(Arena *arena, const char *name) {
  for (CommandId i = 0; i < COMMAND_COUNT; i++)
    if (!strcmp(command_table[i].name, name))
      return i;
  Nearest nearest = {.to = name};
  for (CommandId i = 0; i < COMMANDS_SHOWN; i++)
    value_nearest(&nearest, command_table[i].name);
  usage(NULL, "unknown command '%s'%s", name, value_guess(arena, &nearest));
}

static CommandId take_command(Arena *arena, Line *line) {
  const char *name = line->next < line->count ? line->at[line->next] : NULL;
  if (!name) {
    options_help(stderr);
    exit(EXIT_USAGE);
  }
  line->next++;
  if (!strcmp(name, "--version"))
    return COMMAND_VERSION;
  if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help")) {
    if (line->next < line->count)
      options_help_command(stdout, find_command(arena, line->at[line->next]));
    else
      options_help(stdout);
    exit(EXIT_CLEAN);
  }
  if (name[0] == '-')
    usage(NULL, "the command stands before the options: overstay check %s ...", name);
  return find_command(arena, name);
}

static void add_argument(Arena *arena, Texts *to, const char *text) {
  to->at = arena_grow(arena, to->at, sizeof *to->at, to->count, &to->capacity, to->count + 1);
  to->at[to->count++] = text;
}

static void take_arguments(Parse *p, Line *line) {
  bool only_arguments = false;
  while (line->next < line->count) {
    const char *argument = line->at[line->next++];
    if (only_arguments || argument[0] != '-' || !argument[1])
      add_argument(p->arena, &p->options->arguments, argument);
    else if (!strcmp(argument, "--"))
      only_arguments = true;
    else if (!strcmp(argument, "--version"))
      p->options->command = COMMAND_VERSION;
    else if (argument[1] == '-')
      take_long(p, line, argument);
    else
      take_letters(p, line, argument);
  }
}

/* ---- who gave what */

static bool is_list(const OptionSpec *spec) {
  return spec->kind == OPTION_LIST || spec->kind == OPTION_OUTPUT || spec->kind == OPTION_PATHS;
}

static const char *joined(Arena *arena, const char *first, const char *second) {
  return first ? arena_printf(arena, "%s,%s", first, second) : second;
}

/* `origin` NULL: it is the default. */
static void take(const Parse *p, const OptionSpec *spec, const char *value, const char *origin) {
  value_set(p, spec, value);
  Setting *setting = &p->options->settings[spec - option_table];
  bool more = is_list(spec) && setting->origin;
  setting->value = joined(p->arena, more ? setting->value : NULL, value);
  setting->origin = origin && more ? joined(p->arena, setting->origin, origin) : origin;
}

/* How many names the lists of rules had before a level. */
typedef struct {
  size_t enable, disable, only;
  bool all;
} Rules;

static Rules rules_now(const Options *options) {
  return (Rules){options->enable.count, options->disable.count, options->only.count,
                 options->all_rules};
}

static bool is_among(const Texts *names, size_t from, const char *name) {
  for (size_t i = from; i < names->count; i++)
    if (!strcmp(names->at[i], name))
      return true;
  return false;
}

/* Leaves out of the first `before` names those that the later ones of `other` contradict. */
static void take_back(Texts *names, size_t before, const Texts *other, size_t from) {
  size_t kept = 0;
  for (size_t i = 0; i < names->count; i++)
    if (i >= before || !is_among(other, from, names->at[i]))
      names->at[kept++] = names->at[i];
  names->count = kept;
}

/* What was said last about a rule counts: --enable of a rule that the file disables, --enable or
 * --all-rules where the file says `only`, and --only whatever the file says. */
static void settle_rules(const Parse *p, Rules before) {
  Options *options = p->options;
  bool more = options->enable.count > before.enable || options->all_rules != before.all;
  if (options->only.count > before.only && before.only) {
    memmove(options->only.at, options->only.at + before.only,
            (options->only.count - before.only) * sizeof *options->only.at);
    options->only.count -= before.only;
  } else if (options->only.count == before.only && before.only && more) {
    for (size_t i = before.enable; i < options->enable.count; i++)
      add_argument(p->arena, &options->only, options->enable.at[i]);
    options->only.count = options->all_rules ? 0 : options->only.count;
  }
  take_back(&options->disable, before.disable, &options->enable, before.enable);
}

/* ---- defaults and environment */

const char *option_variable(Arena *arena, const OptionSpec *spec) {
  if (!spec->name || spec->kind == OPTION_GROUP)
    return NULL;
  char *name = arena_printf(arena, "OVERSTAY_%s", spec->name);
  for (char *c = name; *c; c++)
    *c = *c == '-' || *c == '.' ? '_' : (char)toupper((unsigned char)*c);
  return name;
}

/* Another command has an option of this name with other values: it has no variable and no key. */
static bool has_second_meaning(const OptionSpec *spec) {
  for (const OptionSpec *first = option_table; first < spec; first++)
    if (first->name && spec->name && !strcmp(first->name, spec->name) &&
        first->choices != spec->choices)
      return true;
  return false;
}

static void take_defaults(Parse *p) {
  for (size_t i = 0; i < option_count; i++)
    if (option_belongs(&option_table[i], p->options->command) && option_table[i].standard)
      take(p, &option_table[i], option_table[i].standard, NULL);
}

static void take_environment(Parse *p) {
  Rules before = rules_now(p->options);
  for (size_t i = 0; i < option_count; i++) {
    const OptionSpec *spec = &option_table[i];
    if (!option_belongs(spec, p->options->command) || has_second_meaning(spec))
      continue;
    p->source = option_variable(p->arena, spec);
    const char *value = p->source ? getenv(p->source) : NULL;
    if (value && value[0])
      take(p, spec, value, p->source);
  }
  settle_rules(p, before);
}

static void take_givens(Parse *p, const Givens *givens) {
  Rules before = rules_now(p->options);
  for (size_t i = 0; i < givens->count; i++) {
    p->source = givens->at[i].source;
    take(p, givens->at[i].spec, givens->at[i].value, p->source);
  }
  settle_rules(p, before);
}

/* ---- the configuration file */

static const char program_section[] = "program ";

static const OptionSpec *find_key(const char *key) {
  for (size_t i = 0; i < option_count; i++)
    if (option_table[i].name && !strcmp(option_table[i].name, key))
      return &option_table[i];
  return NULL;
}

static noreturn void unknown_key(const Parse *p, const Config *config, const ConfigEntry *entry) {
  die(EXIT_USAGE, "%s:%u: unknown key '%s'%s\n  overstay config --no-config lists all keys",
      config->shown, entry->line, entry->key,
      guess_option(p->arena, entry->key, IN_FILE, COMMAND_COUNT));
}

static void must_fit(const Parse *p, const OptionSpec *spec, const char *value) {
  if (!(spec->place & IN_FILE) && guard_on("configuration-keys"))
    usage(p->options, "%s can be set on the command line and as %s, not in a file", p->source,
          option_variable(p->arena, spec));
  if (spec->kind == OPTION_SWITCH && value_choice("yes|true|on|1", value) < 0 &&
      (!value[0] || !value_is_no(value)))
    usage(p->options, "%s: '%s' is neither yes nor no", p->source, value);
}

static LinkedProgram *program_named(Parse *p, const Config *config, const ConfigEntry *entry) {
  const char *name = entry->key + strlen(program_section);
  const char *dot = strrchr(name, '.');
  LinkedPrograms *all = &p->options->programs;
  if (!dot || dot == name || strcmp(dot, ".files"))
    die(EXIT_USAGE,
        "%s:%u: a program has a name and 'files', as in\n  [program server]\n"
        "  files = server/*.c shared/*.c",
        config->shown, entry->line);
  name = arena_text_n(p->arena, name, (size_t)(dot - name));
  for (size_t i = 0; i < all->count; i++)
    if (!strcmp(all->at[i].name, name))
      return &all->at[i];
  if (all->count == MOST_PROGRAMS)
    die(EXIT_USAGE, "%s:%u: there are more than %d programs", config->shown, entry->line,
        MOST_PROGRAMS);
  all->at =
      arena_grow(p->arena, all->at, sizeof *all->at, all->count, &all->capacity, all->count + 1);
  all->at[all->count] = (LinkedProgram){
      .name = name, .origin = arena_printf(p->arena, "%s:%u", config->shown, entry->line)};
  return &all->at[all->count++];
}

/* `files` in [program NAME]. The patterns are meant from the folder of the file. */
static void take_program(Parse *p, const Config *config, const ConfigEntry *entry) {
  static const char between[] = ", \t";
  LinkedProgram *program = program_named(p, config, entry);
  program->value = joined(p->arena, program->value, entry->value);
  for (const char *part = entry->value + strspn(entry->value, between); *part;) {
    size_t length = strcspn(part, between);
    const char *pattern = arena_text_n(p->arena, part, length);
    add_argument(p->arena, &program->files,
                 path_normal(p->arena, path_join(p->arena, config->folder, pattern)));
    part += length;
    part += strspn(part, between);
  }
}

/* A key of another command is tried out all the same: mistakes do not wait for it. */
static void take_entry(Parse *p, const Config *config, const ConfigEntry *entry, uint32_t *lines) {
  if (text_starts(entry->key, program_section)) {
    take_program(p, config, entry);
    return;
  }
  const OptionSpec *spec = find_key(entry->key);
  if (!spec)
    unknown_key(p, config, entry);
  const char *origin = arena_printf(p->arena, "%s:%u", config->shown, entry->line);
  p->source = arena_printf(p->arena, "%s: %s", origin, entry->key);
  must_fit(p, spec, entry->value);
  uint32_t *line = &lines[spec - option_table];
  if (*line && !is_list(spec))
    usage(p->options, "%s is set already in line %u", p->source, *line);
  *line = entry->line;
  if (option_belongs(spec, p->options->command)) {
    take(p, spec, entry->value, origin);
    return;
  }
  Options other = {.command = p->options->command};
  Parse trial = *p;
  trial.options = &other;
  value_set(&trial, spec, entry->value);
}

static void take_file(Parse *p, const char *path) {
  Config config = config_read(p->arena, path);
  uint32_t *lines = arena_new_array(p->arena, uint32_t, option_count);
  Rules before = rules_now(p->options);
  p->folder = config.folder;
  p->tree = config.tree;
  for (size_t i = 0; i < config.count; i++)
    take_entry(p, &config, &config.entries[i], lines);
  settle_rules(p, before);
  p->folder = p->tree = NULL;
  p->options->config = config.path;
}

/* NULL: none. What is given may say which. */
static const char *file_of(Parse *p, const Givens *givens) {
  take_environment(p);
  take_givens(p, givens);
  if (p->options->no_config)
    return NULL;
  return p->options->config ? p->options->config : config_find(p->arena);
}

/* ---- all of it */

static Options begin(Arena *arena, CommandId command) {
  return (Options){.command = command, .settings = arena_new_array(arena, Setting, option_count)};
}

Options options_parse(Arena *arena, int argument_count, char **arguments) {
  Givens givens = {0};
  Line line = {argument_count, 1, arguments, &givens};
  Options first = begin(arena, take_command(arena, &line));
  Parse p = {.arena = arena, .options = &first};
  take_arguments(&p, &line);
  if (first.command == COMMAND_VERSION)
    return first;
  const CommandSpec *command = &command_table[first.command];
  if (first.arguments.count < command->at_least || first.arguments.count > command->at_most)
    usage(&first, "usage: overstay %s %s", command->name, command->arguments);
  const char *file = file_of(&p, &givens);
  Options options = begin(arena, first.command);
  options.arguments = first.arguments;
  p.options = &options;
  take_defaults(&p);
  if (file)
    take_file(&p, file);
  take_environment(&p);
  take_givens(&p, &givens);
  options.config = file ? path_canonical(arena, file) : NULL;
  return options;
}

const char *option_origin(Arena *arena, const Options *options, const char *name) {
  for (size_t i = 0; i < option_count; i++)
    if (option_table[i].name && !strcmp(option_table[i].name, name) &&
        options->settings[i].origin && options->settings[i].origin[0] != '-')
      return arena_printf(arena, "%s: %s", options->settings[i].origin, name);
  return arena_printf(arena, "--%s", name);
}
