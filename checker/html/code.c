/* code.c - the functions that a finding leads through, in the order in which it comes to them, each
 * with its steps below the lines where they happen. Of a long function, and of one that the path
 * only passes, the lines around them. */
#include "html/page.h"

enum {
  AROUND = 4,
  WHOLE = 60,     // lines of a function that is shown from begin to end: the finding's own,
  WHOLE_ELSE = 24 // and any other
};

typedef struct {
  const ReportPlace *place;
  const ReportStep *step; // NULL: the finding itself
} Spot;

/* What is shown of one function. */
typedef struct {
  const ReportPlace *first; // tells the file and the function
  const Spot **spots;
  uint32_t count;
} Segment;

typedef struct {
  Html *h;
  const ReportFinding *finding;
  Spot *spots;
  Segment *segments;
  uint32_t spot_count, segment_count;
  uint32_t last_number;
} Code;

static bool same_function(const ReportPlace *a, const ReportPlace *b) {
  return !strcmp(a->path, b->path) && !strcmp(a->function, b->function) &&
         a->function_line == b->function_line;
}

static void add_spot(Code *code, const ReportPlace *place, const ReportStep *step) {
  Spot *spot = &code->spots[code->spot_count++];
  *spot = (Spot){place, step};
  uint32_t i = 0;
  while (i < code->segment_count && !same_function(code->segments[i].first, place))
    i++;
  Segment *segment = &code->segments[i];
  if (i == code->segment_count) {
    code->segment_count++;
    *segment = (Segment){.first = place};
    segment->spots = arena_new_array(code->h->arena, const Spot *, code->finding->step_count + 1);
  }
  segment->spots[segment->count++] = spot;
}

bool is_said_by(const ReportFinding *finding, const ReportStep *step) {
  return step->number && step->has_place && step->place.line == finding->place.line &&
         step->place.column == finding->place.column &&
         !strcmp(step->place.path, finding->place.path) && step->kind == STEP_BREAK;
}

static void collect(Code *code) {
  const ReportFinding *finding = code->finding;
  bool is_said = false;
  for (uint32_t i = 0; i < finding->step_count; i++) {
    const ReportStep *step = &finding->steps[i];
    code->last_number = step->number > code->last_number ? step->number : code->last_number;
    if (!step->has_place)
      continue;
    add_spot(code, &step->place, step);
    is_said |= is_said_by(finding, step);
  }
  if (!is_said)
    add_spot(code, &finding->place, NULL);
}

/* ---- lines */

static bool is_near(const Segment *segment, uint32_t line) {
  for (uint32_t i = 0; i < segment->count; i++) {
    uint32_t at = segment->spots[i]->place->line;
    if (line + AROUND >= at && line <= at + AROUND)
      return true;
  }
  return false;
}

typedef struct {
  uint32_t first, last;
  bool is_whole;
} Lines;

/* The finding stands in it, or what does it right. */
static bool is_central(const Segment *segment) {
  for (uint32_t i = 0; i < segment->count; i++)
    if (!segment->spots[i]->step || !segment->spots[i]->step->number ||
        segment->spots[i]->step->kind == STEP_BREAK)
      return true;
  return false;
}

static Lines lines_of(const Segment *segment) {
  const ReportPlace *place = segment->first;
  Lines lines = {place->function_line, place->function_end, false};
  for (uint32_t i = 0; i < segment->count; i++) {
    uint32_t at = segment->spots[i]->place->line;
    uint32_t from = at > AROUND ? at - AROUND : 1;
    if (!place->function_line && (!lines.first || from < lines.first))
      lines.first = from;
    if (!place->function_line && at + AROUND > lines.last)
      lines.last = at + AROUND;
  }
  uint32_t most = is_central(segment) ? WHOLE : WHOLE_ELSE;
  lines.is_whole = place->function_line && lines.last - lines.first < most;
  return lines;
}

static Marked mark_of(const Spot *spot, size_t length) {
  const ReportPlace *place = spot->place;
  const char *class = spot->step && spot->step->kind == STEP_CONTRAST ? "contrast" : NULL;
  size_t from = place->column - 1, to = length;
  if (place->end_line == place->line && place->end_column - 1 < length)
    to = place->end_column - 1;
  return from < to ? (Marked){from, to, class} : (Marked){0};
}

/* The finding's own place before all, as it is what people look for. */
static const Spot *marked_spot(const Code *code, const Segment *segment, uint32_t line) {
  const Spot *found = NULL;
  for (uint32_t i = 0; i < segment->count; i++) {
    const Spot *spot = segment->spots[i];
    bool is_own = !spot->step || is_said_by(code->finding, spot->step);
    if (spot->place->line == line && (!found || is_own))
      found = spot;
  }
  return found;
}

/* ---- what is said below a line */

void put_ball(Html *h, const ReportFinding *finding, const ReportStep *step) {
  const char *severity = severity_word(finding->stored->finding.severity);
  if (!step || is_said_by(finding, step))
    put_format(h, "<span class=\"ball break %s\">", severity);
  else
    put_format(h, "<span class=\"ball%s\">", step->number ? "" : " contrast");
  if (step && step->number)
    put_format(h, "%u", step->number);
  else
    put(h, step ? "\u2713" : "!");
  put(h, "</span>");
}

static void put_walk(const Code *code, const ReportStep *step) {
  Html *h = code->h;
  put(h, "<span class=\"go\">");
  if (step->number > 1)
    put_format(h, " <a href=\"#s%u\" aria-label=\"step %u\">\u2191 %u</a>", step->number - 1,
               step->number - 1, step->number - 1);
  if (step->number < code->last_number)
    put_format(h, " <a href=\"#s%u\" aria-label=\"step %u\">\u2193 %u</a>", step->number + 1,
               step->number + 1, step->number + 1);
  put(h, "</span>");
}

static void put_said(const Code *code, const Spot *spot) {
  Html *h = code->h;
  const ReportStep *step = spot->step;
  const char *severity = severity_word(code->finding->stored->finding.severity);
  if (!step)
    put_format(h, "<div class=\"says break %s\" id=\"here\">", severity);
  else if (!step->number)
    put(h, "<div class=\"says contrast\">");
  else if (is_said_by(code->finding, step))
    put_format(h, "<div class=\"says break %s\" id=\"s%u\">", severity, step->number);
  else
    put_format(h, "<div class=\"says\" id=\"s%u\">", step->number);
  put_ball(h, code->finding, step);
  put_words(h, step ? step->text : code->finding->message);
  if (step && step->number)
    put_walk(code, step);
  put(h, "</div>\n");
}

static void put_line(const Code *code, const Segment *segment, const Source *source,
                     uint32_t line) {
  Html *h = code->h;
  const Spot *spot = marked_spot(code, segment, line);
  size_t length;
  source_line(source, line, &length);
  put_format(h, "<div class=\"line%s\"><i>%u</i><span>", spot ? " at" : "", line);
  put_source_line(h, source, line, spot ? mark_of(spot, length) : (Marked){0});
  put(h, "</span></div>\n");
  for (uint32_t i = 0; i < segment->count; i++)
    if (segment->spots[i]->place->line == line)
      put_said(code, segment->spots[i]);
}

static void put_lines(const Code *code, const Segment *segment, const Source *source) {
  Lines lines = lines_of(segment);
  uint32_t gap = 0;
  for (uint32_t line = lines.first; line <= lines.last && line <= source->line_count; line++) {
    if (!lines.is_whole && line != lines.first && !is_near(segment, line)) {
      gap++;
      continue;
    }
    if (gap)
      put_format(code->h, "<div class=\"gap\">\u22ee %u line%s</div>\n", gap, gap == 1 ? "" : "s");
    gap = 0;
    put_line(code, segment, source, line);
  }
  if (gap)
    put_format(code->h, "<div class=\"gap\">\u22ee %u line%s</div>\n", gap, gap == 1 ? "" : "s");
}

static void put_segment(const Code *code, const Segment *segment) {
  Html *h = code->h;
  const Source *source = source_find(h->report, segment->first->path);
  put(h, "<section class=\"card segment\"><h3>");
  if (*segment->first->function) {
    put(h, "<b>");
    put_text(h, segment->first->function);
    put(h, "</b> in ");
  }
  put_text(h, segment->first->path);
  put(h, "</h3>\n<div class=\"code\" tabindex=\"0\" role=\"region\" aria-label=\"source\"><div>\n");
  if (source->text) {
    put_lines(code, segment, source);
  } else {
    put(h, "<div class=\"gap\">the file has changed since it was analysed, or is not here</div>\n");
    for (uint32_t i = 0; i < segment->count; i++)
      put_said(code, segment->spots[i]);
  }
  put(h, "</div></div></section>\n");
}

void put_code(Html *h, const ReportFinding *finding) {
  Code code = {.h = h,
               .finding = finding,
               .spots = arena_new_array(h->arena, Spot, finding->step_count + 1),
               .segments = arena_new_array(h->arena, Segment, finding->step_count + 1)};
  collect(&code);
  for (uint32_t i = 0; i < code.segment_count; i++)
    put_segment(&code, &code.segments[i]);
}
