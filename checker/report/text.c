/* text.c - findings as a compiler prints them, with the path to each as numbered notes beside the
 * lines of the source. Nothing of the analysed tree reaches the terminal unescaped. On a terminal a
 * note that does not fit beside its line stands below it: a line that the terminal breaks is hard
 * to read.
 */
#include "report/inside.h"

#include <ctype.h>
#include <unistd.h>

#include "base/path.h"

enum { GUTTER = 5, LEAST_NOTE_COLUMN = 36, LAST_NOTE_COLUMN = 64 };

typedef struct {
  FILE *out;
  const Report *report;
  Arena *arena;
  const Source *source; // of the finding's own file
  size_t note_column;
  ReportPlace caret;  // the finding's place; line 0 when it is marked already
  size_t last_column; // of the note that was printed last
  const char *host;   // this machine's name, for links
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

/* Bytes that stand for nothing but themselves in the address of a file. */
static bool is_plain(unsigned char c) {
  return isalnum(c) || c == '/' || c == '-' || c == '.' || c == '_' || c == '~';
}

/* From here on what is printed leads to the file, on terminals that can do that. */
static void begin_link(const Printer *p, const char *path) {
  if (!p->report->options->links)
    return;
  fprintf(p->out, "\033]8;;file://%s", p->host);
  const char *absolute = roots_path(p->arena, p->report->options->roots, path);
  for (const unsigned char *c = (const unsigned char *)absolute; *c; c++)
    fprintf(p->out, is_plain(*c) ? "%c" : "%%%02X", *c);
  fputs("\033\\", p->out);
}

static void end_link(const Printer *p) {
  if (p->report->options->links)
    fputs("\033]8;;\033\\", p->out);
}

static void print_head(const Printer *p, const ReportFinding *finding) {
  static const Style severity_styles[] = {CYAN, MAGENTA, RED};
  Severity severity = finding->stored->finding.severity;
  begin_link(p, finding->place.path);
  fprintf(p->out, "%s%s:%u:%u:%s", style(p, BOLD), shown_path(p, finding->place.path),
          finding->place.line, finding->place.column, style(p, PLAIN));
  end_link(p);
  fprintf(p->out, " %s%s:%s %s%s%s %s[%s]%s\n", style(p, severity_styles[severity]),
          severity_word(severity), style(p, PLAIN), style(p, BOLD),
          visible(p->arena, finding->message), style(p, PLAIN), style(p, DIM),
          visible(p->arena, finding->stored->finding.rule), style(p, PLAIN));
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

static size_t indent_of(const char *text) { return strspn(text, " "); }

static size_t note_width(const ReportStep *step) {
  ByteWriter scratch = {0};
  size_t width = visible_put(&scratch, step->text, strlen(step->text), 0);
  bytes_free(&scratch);
  for (uint32_t number = step->number; number; number /= 10)
    width++;
  return width + strlen("note: ") + (step->number ? strlen(". ") : 0);
}

/* Below what stands there: in that column, or further left when it would not fit. */
static void print_below(Printer *p, const ReportStep *step, size_t column) {
  size_t width = p->report->options->width, own = note_width(step), before = GUTTER + 3;
  if (width && before + column + own > width)
    column = before + own < width ? width - before - own : 0;
  fprintf(p->out, "%*s | %*s", GUTTER, "", (int)column, "");
  print_note(p, step->number, step->text);
  p->last_column = column;
}

static void print_line(Printer *p, uint32_t line, const ReportStep *step) {
  size_t width = 0, limit = p->report->options->width;
  const char *text = shown_line(p, line, &width);
  fprintf(p->out, "%*u | %s", GUTTER, line, text);
  if (!step) {
    fputc('\n', p->out);
    return;
  }
  size_t column = width + 2 <= p->note_column ? p->note_column : width + 2;
  if (limit && GUTTER + 3 + column + note_width(step) > limit) {
    fputc('\n', p->out);
    if (line == p->caret.line) {
      print_caret(p, &p->caret);
      p->caret.line = 0;
    }
    print_below(p, step, indent_of(text));
    return;
  }
  fprintf(p->out, "%*s", (int)(column - width), "");
  print_note(p, step->number, step->text);
  p->last_column = column;
}

static void print_again(Printer *p, const ReportStep *step) {
  print_below(p, step, p->last_column);
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

static void print_path(Printer *p, const ReportFinding *finding) {
  uint32_t last = 0;
  p->caret = finding->place;
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
  if (p->caret.line || finding->place.line != last)
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
  char host[256] = "";
  if (gethostname(host, sizeof host - 1))
    host[0] = 0;
  Printer p = {.out = out, .report = report, .arena = arena_new(), .host = host};
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
