/* github.c - workflow commands, which GitHub Actions shows as annotations beside the lines. It
 * shows ten of a kind, so the worst come first. A line is a command, and names come from the
 * analysed tree: what could end one is escaped. */
#include "report/inside.h"

#include "base/guard.h"

enum { LONGEST_TITLE = 200 };

/* In a property a colon and a comma end it, too. */
static void put_escaped(FILE *out, const char *text, bool is_property) {
  for (const char *c = text; *c; c++)
    if (!guard_on("github"))
      fputc(*c, out);
    else if (*c == '%' || *c == '\r' || *c == '\n' || (is_property && (*c == ':' || *c == ',')))
      fprintf(out, "%%%02X", (unsigned)*c);
    else
      fputc(*c, out);
}

static void put_property(FILE *out, const char *name, const char *text) {
  fprintf(out, ",%s=", name);
  put_escaped(out, text, true);
}

/* Lines of the message: the finding, its steps, what speaks for it. */
static void put_message(FILE *out, Arena *arena, const ReportFinding *finding) {
  put_escaped(out, visible(arena, finding->message), false);
  for (uint32_t i = 0; i < finding->step_count; i++) {
    const ReportStep *step = &finding->steps[i];
    const char *text = visible(arena, step->text);
    if (step->has_place)
      text = arena_printf(arena, "%s:%u: %s", visible(arena, step->place.path), step->place.line,
                          text);
    put_escaped(out, "\n", false);
    if (step->number)
      fprintf(out, "%u. ", step->number);
    put_escaped(out, text, false);
  }
  fputc('\n', out);
}

static void put_finding(FILE *out, const Report *report, Arena *arena,
                        const ReportFinding *finding) {
  static const char *const commands[] = {"notice", "warning", "error"};
  const ReportPlace *place = &finding->place;
  const Source *source = source_find(report, place->path);
  const char *path =
      *place->path == '$' ? roots_path(arena, report->options->roots, place->path) : place->path;
  fprintf(out, "::%s line=%u,endLine=%u", commands[finding->stored->finding.severity], place->line,
          place->end_line);
  if (place->line == place->end_line) // else it refuses columns
    fprintf(out, ",col=%u,endColumn=%u", source_utf16_column(source, place->line, place->column),
            source_utf16_column(source, place->line, place->end_column));
  put_property(out, "file", visible(arena, path));
  put_property(out, "title",
               arena_printf(arena, "%.*s", LONGEST_TITLE, finding->stored->finding.rule));
  fputs("::", out);
  put_message(out, arena, finding);
}

static void write_github(FILE *out, const Report *report) {
  Arena *arena = arena_new();
  const ReportFinding **worst = report_worst_first(report);
  for (size_t i = 0; i < report->finding_count + report->allowed_count; i++) {
    bool is_known = report->options->has_baseline && worst[i]->stored->state != FINDING_NEW;
    if (!worst[i]->allow && !is_known)
      put_finding(out, report, arena, worst[i]);
    arena_reset(arena);
  }
  arena_free(arena);
}

const Reporter github_reporter = {
    .name = "github",
    .summary = "workflow commands, for annotations of GitHub Actions",
    .write = write_github,
};
