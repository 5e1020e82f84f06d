/* outputs.c - see outputs.h */
#include "cli/outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/guard.h"
#include "base/message.h"
#include "base/path.h"
#include "html/html.h"

static bool is_set(const char *name) {
  const char *value = getenv(name);
  return value && value[0];
}

bool outputs_color(const Options *options) {
  if (options->color != WHEN_AUTO)
    return options->color == WHEN_ALWAYS;
  const char *terminal = getenv("TERM");
  const char *force = getenv("CLICOLOR_FORCE");
  if (is_set("NO_COLOR"))
    return false;
  if (force && force[0] && strcmp(force, "0"))
    return true;
  return isatty(STDOUT_FILENO) && !(terminal && !strcmp(terminal, "dumb"));
}

/* FORCE_HYPERLINK decides; else terminals that are known to have them. tmux hands them on since
 * 3.4. */
static bool has_links(void) {
  static const char *const known[] = {"KITTY_WINDOW_ID", "WT_SESSION",    "KONSOLE_VERSION",
                                      "DOMTERM",         "WEZTERM_PANE",  "GHOSTTY_RESOURCES_DIR",
                                      "ALACRITTY_LOG",   "FOOT_SERVER_ID"};
  static const char *const programs[] = {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper"};
  const char *force = getenv("FORCE_HYPERLINK"), *vte = getenv("VTE_VERSION"),
             *program = getenv("TERM_PROGRAM"), *version = getenv("TERM_PROGRAM_VERSION");
  enum { VTE_WITH_LINKS = 5000 };
  if (force && *force)
    return strcmp(force, "0");
  if (program && !strcmp(program, "tmux"))
    return version && strtod(version, NULL) >= 3.4;
  for (size_t i = 0; program && i < sizeof programs / sizeof *programs; i++)
    if (!strcmp(program, programs[i]))
      return true;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (is_set(known[i]))
      return true;
  return vte && strtol(vte, NULL, 10) >= VTE_WITH_LINKS;
}

static size_t terminal_width(void) {
  struct winsize size;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) ? 0 : size.ws_col;
}

void outputs_dress(const Options *options, ReportOptions *how) {
  bool is_terminal = isatty(STDOUT_FILENO);
  how->color = outputs_color(options);
  how->links = is_terminal && how->color && has_links();
  how->width = is_terminal ? terminal_width() : 0;
}

static noreturn void die_of(const char *path) {
  die(EXIT_INTERNAL, "cannot write '%s': %s", path, strerror(errno));
}

void outputs_finish_stdout(void) {
  if ((fflush(stdout) || ferror(stdout)) && errno != EPIPE && guard_on("write-errors"))
    die_of("stdout");
}

/* A device or a FIFO is written as it is: replacing it would be a surprise. */
static void write_in_place(const char *path, OutputFunction *write, const void *context) {
  FILE *file = fopen(path, "we");
  if (!file)
    die_of(path);
  write(file, context);
  bool failed = fflush(file) || ferror(file);
  int error = errno;
  fclose(file);
  errno = error;
  if (failed && error != EPIPE)
    die_of(path);
}

static void write_whole(const char *path, OutputFunction *write, const void *context) {
  Arena *arena = arena_new();
  char *new_path = arena_printf(arena, "%s.new-XXXXXX", path);
  int number = mkostemp(new_path, O_CLOEXEC);
  FILE *file = number < 0 ? NULL : fdopen(number, "w");
  if (!file)
    die_of(path);
  write(file, context);
  mode_t mask = umask(0);
  umask(mask);
  bool fine = !fflush(file) && !ferror(file) && !fchmod(number, 0666 & ~mask) && !fsync(number);
  int error = errno;
  fclose(file);
  if (!fine || rename(new_path, path)) {
    error = fine ? errno : error;
    unlink(new_path);
    errno = error;
    die_of(path);
  }
  arena_free(arena);
}

void outputs_write_file(const char *path, OutputFunction *write, const void *context) {
  struct stat status;
  if (!stat(path, &status) && !S_ISREG(status.st_mode))
    write_in_place(path, write, context);
  else
    write_whole(path, write, context);
}

static const char folder_format[] = "html"; // the only one that is no file

static const char dot_format[] = "dot"; // pictures, and none of the findings' words

typedef struct {
  const Reporter *reporter; // NULL: pictures
  const Report *report;
  const Pictures *pictures;
} Writing;

/* Each picture is a graph of its own, which Graphviz takes one after the other. */
static void write_report(FILE *file, const void *context) {
  const Writing *writing = context;
  if (writing->reporter) {
    writing->reporter->write(file, writing->report);
    return;
  }
  lifelines_dot(file, &writing->pictures->lives);
  stacks_dot(file, &writing->pictures->stacks);
  cycles_dot(file, &writing->pictures->cycles);
}

static const Reporter *must_find(const char *format) {
  if (!strcmp(format, dot_format))
    return NULL;
  const Reporter *reporter = reporter_find(format);
  if (!reporter)
    die(EXIT_USAGE, "there is no report format '%s'", format);
  return reporter;
}

/* NULL: of a command that has no report. */
static bool is_folder(const char *format) { return format && !strcmp(format, folder_format); }

static bool is_to_stdout(const Options *options) {
  return !options->output || !strcmp(options->output, "-");
}

void outputs_check(const Options *options) {
  if (is_folder(options->format) && is_to_stdout(options))
    die(EXIT_USAGE,
        "a report in HTML is a folder: say which one, with --output DIR or -o html=DIR");
}

static bool has_pictures(const char *format) {
  return is_folder(format) || (format && !strcmp(format, dot_format));
}

bool outputs_want_pictures(const Options *options) {
  bool wanted = has_pictures(options->format);
  for (size_t i = 0; i < options->outputs.count; i++)
    wanted |= has_pictures(options->outputs.at[i].format);
  return wanted;
}

static void write_to(Output output, const Report *report, const Pictures *pictures) {
  if (is_folder(output.format)) {
    html_write(output.file, report, pictures);
    inform("the report is in %s/index.html", output.file);
  } else {
    outputs_write_file(output.file, write_report,
                       &(Writing){must_find(output.format), report, pictures});
  }
}

void outputs_write(const Options *options, ReportOptions *how, const Report *report,
                   const Pictures *pictures) {
  how->color = false;
  for (size_t i = 0; i < options->outputs.count; i++)
    write_to(options->outputs.at[i], report, pictures);
  if (!is_to_stdout(options)) {
    how->color = options->color == WHEN_ALWAYS;
    write_to((Output){options->format, options->output}, report, pictures);
    return;
  }
  Writing writing = {must_find(options->format), report, pictures};
  outputs_dress(options, how);
  errno = 0;
  write_report(stdout, &writing);
  outputs_finish_stdout();
}
