/* text.c - findings as a compiler prints them, with the path to each as numbered notes beside the
 * lines of the source (CLI.md, "First minute"). Nothing of the analysed tree reaches the terminal
 * unescaped.
 */
#include "report/inside.h"

#include "base/path.h"

enum { GUTTER = 5, LEAST_NOTE_COLUMN = 36, LAST_NOTE_COLUMN = 64 };

typedef struct {
  FILE *out;
  const Report *report;
  Arena *arena;
  const Source *source; // of the finding's own file
  size_t note_column;
} Printer;

typedef enum { PLAIN, BOLD, RED, MAGENTA, CYAN, GREEN, DIM } Style;

static const char *style(const Printer *p, Style which) {
  static const char *const codes[] = {"\033[0m",    "\033[1m",    "\033[1;31m", "\033[1;35m",
                                      "\033[1;36m", "\033[1;32m", "\033[2m"};
  return p->report->options->color ? codes[which] : "";
}

static const char *shown_path(const Printer *p, const char *path) {
  const ReportOptions *options = p->report->options;
  const char *absolute = roots_path(p->arena, options->roots, path);
  return visible(p->arena, path_seen_from(p->arena, options->current, absolute));
}

static void print_head(const Printer *p, const ReportFinding *finding) {
  static const Style severity_styles[] = {CYAN, MAGENTA, RED};
  Severity severity = finding->stored->finding.severity;
  fprintf(p->out, "%s%s:%u:%u:%s %s%s:%s %s%s%s %s[%s]%s\n", style(p, BOLD),
          shown_path(p, finding->place.path), finding->place.line, finding->place.column,
          style(p, PLAIN), style(p, severity_styles[severity]), severity_word(severity),
          style(p, PLAIN), style(p, BOLD), visible(p->arena, finding->message), style(p, PLAIN),
          style(p, DIM), visible(p->arena, finding->stored->finding.rule), style(p, PLAIN));
}

static void print_note(const Printer *p, uint32_t number, const char *text) {
  fprintf(p->out, "%snote:%s ", style(p, CYAN), style(p, PLAIN));
  if (number)
    fprintf(p->out, "%u. ", number);
  fprintf(p->out, "%s\n", visible(p->arena, text));
}

/* A note on a line of its own, for what is not beside a line of this file. */
static void print_loose_note(const Printer *p, uint32_t number, const char *text) {
  fprintf(p->out, "%*s", GUTTER - 2, "");
  print_note(p, number, text);
}

/* A line of the source as it is shown, and how wide. */
static const char *shown_line(const Printer *p, uint32_t line, size_t *width) {
  size_t length;
  const char *text = source_line(p->source, line, &length);
  if (!text)
    return NULL;
  ByteWriter out = {0};
  *width = visible_put(&out, text, length, 0);
  const char *copy = arena_text_n(p->arena, (const char *)out.at, out.count);
  bytes_free(&out);
  return copy;
}

static bool is_beside(const Printer *p, const ReportFinding *finding, const ReportStep *step) {
  size_t width;
  return step->number && step->has_place && !strcmp(step->place.path, finding->place.path) &&
         shown_line(p, step->place.line, &width);
}

/* Notes of one finding begin in one column, unless a line is too long for that. */
static void find_note_column(Printer *p, const ReportFinding *finding) {
  p->note_column = LEAST_NOTE_COLUMN;
  for (uint32_t i = 0; i < finding->step_count; i++) {
    size_t width;
    if (is_beside(p, finding, &finding->steps[i]) &&
        shown_line(p, finding->steps[i].place.line, &width) && width + 4 > p->note_column &&
        width + 4 <= LAST_NOTE_COLUMN)
      p->note_column = width + 4;
  }
}

static void print_line(const Printer *p, uint32_t line, const ReportStep *step) {
  size_t width = 0;
  const char *text = shown_line(p, line, &width);
  fprintf(p->out, "%*u | %s", GUTTER, line, text);
  if (!step) {
    fputc('\n', p->out);
    return;
  }
  fprintf(p->out, "%*s", (int)(width + 2 <= p->note_column ? p->note_column - width : 2), "");
  print_note(p, step->number, step->text);
}

static void print_again(const Printer *p, const ReportStep *step) {
  fprintf(p->out, "%*s | %*s", GUTTER, "", (int)p->note_column, "");
  print_note(p, step->number, step->text);
}

/* The place as a range of ^ and ~ below its line. */
static void print_caret(const Printer *p, const ReportPlace *place) {
  size_t length;
  const char *text = source_line(p->source, place->line, &length);
  if (place->column > length + 1)
    return;
  size_t start = place->column - 1, end = length;
  if (place->end_line == place->line && place->end_column - 1 < length)
    end = place->end_column - 1;
  ByteWriter scratch = {0};
  size_t from = visible_put(&scratch, text, start, 0);
  size_t to = end > start ? visible_put(&scratch, text + start, end - start, from) : from;
  bytes_free(&scratch);
  fprintf(p->out, "%*s | %*s%s^", GUTTER, "", (int)from, "", style(p, GREEN));
  for (size_t i = from + 1; i < to; i++)
    fputc('~', p->out);
  fprintf(p->out, "%s\n", style(p, PLAIN));
}

static const char *with_place(const Printer *p, const ReportFinding *finding,
                              const ReportStep *step) {
  if (!step->has_place)
    return step->text;
  if (!strcmp(step->place.path, finding->place.path))
    return arena_printf(p->arena, "line %u: %s", step->place.line, step->text);
  return arena_printf(p->arena, "%s:%u:%u: %s", shown_path(p, step->place.path), step->place.line,
                      step->place.column, step->text);
}

static void print_path(const Printer *p, const ReportFinding *finding) {
  uint32_t last = 0;
  for (uint32_t i = 0; i < finding->step_count; i++) {
    const ReportStep *step = &finding->steps[i];
    if (!step->number)
      continue;
    if (!is_beside(p, finding, step)) {
      print_loose_note(p, step->number, with_place(p, finding, step));
      last = 0;
    } else if (step->place.line == last) {
      print_again(p, step);
    } else {
      print_line(p, last = step->place.line, step);
    }
  }
  size_t width;
  if (!shown_line(p, finding->place.line, &width))
    return;
  if (finding->place.line != last)
    print_line(p, finding->place.line, NULL);
  print_caret(p, &finding->place);
}

/* "this path releases it" reads better with its line: "the path at line 93 releases it". */
static void print_aside(const Printer *p, const ReportFinding *finding, const ReportStep *step) {
  static const char begins[] = "this path ";
  const char *text = with_place(p, finding, step);
  if (step->has_place && !strncmp(step->text, begins, sizeof begins - 1)) {
    bool here = !strcmp(step->place.path, finding->place.path);
    const char *rest = step->text + sizeof begins - 1;
    text = here ? arena_printf(p->arena, "the path at line %u %s", step->place.line, rest)
                : arena_printf(p->arena, "the path at %s:%u %s", shown_path(p, step->place.path),
                               step->place.line, rest);
  }
  print_loose_note(p, 0, text);
}

static void print_finding(Printer *p, const ReportFinding *finding) {
  p->source = source_find(p->report, finding->place.path);
  find_note_column(p, finding);
  print_head(p, finding);
  print_path(p, finding);
  for (uint32_t i = 0; i < finding->step_count; i++)
    if (!finding->steps[i].number)
      print_aside(p, finding, &finding->steps[i]);
  if (finding->place.macro[0])
    print_loose_note(p, 0,
                     arena_printf(p->arena, "in an expansion of macro '%s'", finding->place.macro));
}

static void write_text(FILE *out, const Report *report) {
  Printer p = {.out = out, .report = report, .arena = arena_new()};
  for (size_t i = 0; i < report->finding_count; i++) {
    if (report->options->has_baseline && report->findings[i].stored->state != FINDING_NEW)
      continue; // closing.c counts them
    print_finding(&p, &report->findings[i]);
    arena_reset(p.arena);
  }
  arena_free(p.arena);
}

const Reporter text_reporter = {
    .name = "text",
    .summary = "as a compiler prints it, with the path as notes beside the source",
    .write = write_text,
};
