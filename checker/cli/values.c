/* values.c - see values.h */
#include "cli/values.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/guard.h"
#include "base/message.h"
#include "base/path.h"
#include "base/text.h"

noreturn void usage(const Options *options, const char *format, ...) {
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

int value_choice(const char *choices, const char *value) {
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
  int place = value_choice(spec->choices, value);
  if (place >= 0)
    return place;
  Nearest nearest = {.to = value};
  for (const char *choice = spec->choices; *choice; choice += *choice == '|') {
    size_t length = strcspn(choice, "|");
    value_nearest(&nearest, arena_text_n(p->arena, choice, length));
    choice += length;
  }
  usage(p->options, "%s: '%s' is none of %s%s", p->source, value, spec->choices,
        value_guess(p->arena, &nearest));
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
    size_t length = strcspn(part, ", ");
    if (length)
      add_text(p->arena, to, arena_text_n(p->arena, part, length));
    part += length;
    part += *part != 0;
  }
}

/* What a file says of a place is meant from its folder, and ends in its tree, wherever symbolic
 * links lead: the file comes with the sources, and those are not trusted. */
static const char *path_in_tree(const Parse *p, const char *value) {
  const char *full = path_normal(p->arena, path_join(p->arena, p->folder, value));
  const char *there = full;
  char real[PATH_MAX];
  while (!realpath(there, real) && strcmp(there, "/"))
    there = path_folder(p->arena, there);
  const char *rest = full + strlen(there);
  const char *path = *rest ? path_join(p->arena, real, rest + (*rest == '/')) : real;
  if (!path_inside(p->tree, path) && guard_on("configuration-tree"))
    usage(p->options,
          "%s: '%s' is outside of %s\n"
          "  what a configuration file names has to lie in its own tree; the command line may name "
          "others",
          p->source, value, p->tree);
  return arena_text(p->arena, path);
}

static const char *path_of(const Parse *p, const OptionSpec *spec, const char *value) {
  if (!value[0])
    usage(p->options, "%s: the value is empty", p->source);
  if (!p->folder)
    return value;
  // A file of another kind would be set aside as a broken database.
  if (!strcmp(spec->name, "db") && !text_ends(value, ".db"))
    usage(p->options, "%s: '%s' does not end in .db", p->source, value);
  return path_in_tree(p, value);
}

static void add_paths(const Parse *p, const OptionSpec *spec, Texts *to, const char *value) {
  static const char between[] = ", \t";
  for (const char *part = value + strspn(value, between); *part; part += strspn(part, between)) {
    size_t length = strcspn(part, between);
    add_text(p->arena, to, path_of(p, spec, arena_text_n(p->arena, part, length)));
    part += length;
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

bool value_is_no(const char *value) {
  return !value[0] || value_choice("0|no|false|off|never", value) >= 0;
}

void value_set(const Parse *p, const OptionSpec *spec, const char *value) {
  char *field = (char *)p->options + spec->field;
  switch (spec->kind) {
  case OPTION_SWITCH:
    *(bool *)field = !value_is_no(value);
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
  case OPTION_PATH:
    *(const char **)field = path_of(p, spec, value);
    break;
  case OPTION_PATHS:
    add_paths(p, spec, (Texts *)field, value);
    break;
  case OPTION_GROUP:
    break;
  }
}

size_t value_distance(const char *a, const char *b) {
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

enum { FAR = 3 }; // letters: that is another name

void value_nearest(Nearest *nearest, const char *name) {
  size_t letters = value_distance(nearest->to, name);
  if (letters + 1 >= (nearest->least ? nearest->least : FAR + 1))
    return;
  nearest->least = letters + 1;
  nearest->best = name;
}

const char *value_guess(Arena *arena, const Nearest *nearest) {
  return nearest->best ? arena_printf(arena, "; did you mean '%s'?", nearest->best) : "";
}
