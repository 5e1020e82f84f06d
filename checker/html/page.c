/* page.c - see page.h. A page is whole or not there: it is written beside its place and renamed. */
#include "html/page.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/message.h"
#include "base/path.h"
#include "html/embedded.h"
#include "picture/embedded.h"
#include "picture/picture.h"

static noreturn void die_of(const char *path) {
  die(EXIT_INTERNAL, "cannot write '%s': %s", path, strerror(errno));
}

/* What stands there may be a link to somewhere else, put there by who made the tree: it is never
 * followed. */
static int open_new(const char *path) {
  int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  int number = open(path, flags, 0666);
  if (number < 0 && errno == EEXIST && !unlink(path))
    number = open(path, flags, 0666);
  return number;
}

static void begin_file(Html *h, const char *name) {
  h->path = path_join(h->arena, h->folder, name);
  h->new_path = arena_printf(h->arena, "%s.new", h->path);
  int number = open_new(h->new_path);
  h->out = number < 0 ? NULL : fdopen(number, "w");
  if (!h->out)
    die_of(h->path);
}

static void end_file(Html *h) {
  bool failed = fflush(h->out) || ferror(h->out);
  if (fclose(h->out) || failed || rename(h->new_path, h->path))
    die_of(h->path);
  h->out = NULL;
}

void page_style(Html *h) {
  begin_file(h, "style.css");
  put(h, embedded_style);
  put(h, embedded_picture_style);
  end_file(h);
}

/* ---- text */

void put(Html *h, const char *markup) { fputs(markup, h->out); }

void put_format(Html *h, const char *format, ...) {
  va_list rest;
  va_start(rest, format);
  vfprintf(h->out, format, rest);
  va_end(rest);
}

void put_text(Html *h, const char *text) { picture_put_escaped(h->out, visible(h->arena, text)); }

/* A quote begins a name after a blank, and ends it before one: "doesn't" is neither. */
static const char *end_of_name(const char *start) {
  for (const char *c = start + 1; *c; c++)
    if (*c == '\'' && (!c[1] || strchr(" ,;:.)", c[1])))
      return c;
  return NULL;
}

void put_words(Html *h, const char *text) {
  const char *done = text;
  for (const char *c = text; *c; c++) {
    const char *end = *c == '\'' && (c == text || strchr(" (", c[-1])) ? end_of_name(c) : NULL;
    if (!end || end == c + 1)
      continue;
    put_text(h, arena_text_n(h->arena, done, (size_t)(c - done)));
    put(h, "<code>");
    put_text(h, arena_text_n(h->arena, c + 1, (size_t)(end - c - 1)));
    put(h, "</code>");
    done = end + 1;
    c = end;
  }
  put_text(h, done);
}

void put_sentence(Html *h, const char *text) {
  char *copy = arena_text(h->arena, text);
  if (*copy >= 'a' && *copy <= 'z')
    *copy = (char)(*copy - 'a' + 'A');
  put_words(h, copy);
}

/* "2026-11-21 05:00 UTC" */
void put_time(Html *h, int64_t seconds) {
  const char *exact = utc_time(h->arena, seconds);
  put_format(h, "<time datetime=\"%s\">%.10s %.5s UTC</time>", exact, exact,
             strlen(exact) > 11 ? exact + 11 : "");
}

void put_number(Html *h, uint64_t number) { put(h, picture_count(h->arena, number)); }

void put_count(Html *h, size_t count, const char *one, const char *many) {
  put_number(h, count);
  put_format(h, " %s", count == 1 ? one : many);
}

void put_place(Html *h, const char *path, uint32_t line) {
  put_text(h, path);
  put_format(h, ":%u", line);
}

/* ---- the frame */

static const char *project_name(const Html *h) {
  const char *top = h->report->options->roots.top;
  return top && *path_base(top) ? path_base(top) : "the program";
}

static void put_head(Html *h, const Page *page) {
  put(h, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         "'self'; base-uri 'none'; form-action 'none'\">\n" PAGE_MARK
         "\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"referrer\" content=\"no-referrer\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
  put_text(h, page->title);
  put_format(h, " - overstay</title>\n<link rel=\"stylesheet\" href=\"%sstyle.css\">\n</head>\n",
             h->up);
}

static void put_neighbour(Html *h, const Entry *entry, const char *label) {
  if (entry)
    put_format(h, "<a href=\"%s.html\">%s</a>", entry->name, label);
}

static void put_crumbs(Html *h, const Page *page) {
  put_format(h,
             "<body>\n<a class=\"skip\" href=\"#content\">to the content</a>\n"
             "<header class=\"top\"><div><a class=\"brand\" href=\"%sindex.html\">overstay</a>"
             "<nav class=\"crumbs\" aria-label=\"where this page is\">",
             h->up);
  if (page->crumb || !h->report->options->reproducible) {
    put_format(h, "<a href=\"%sindex.html\">", h->up);
    put_text(h, h->report->options->reproducible ? "index" : project_name(h));
    put(h, "</a>");
  }
  if (page->parent) {
    put_format(h, "<a href=\"%s%s\">", h->up, page->parent_name);
    put_text(h, page->parent);
    put(h, "</a>");
  }
  if (page->crumb) {
    put(h, "<span>");
    put_text(h, page->crumb);
    put(h, "</span>");
  }
  put(h, "</nav>");
  if (page->before || page->after) {
    put(h, "<nav class=\"walk\" aria-label=\"other findings\">");
    put_neighbour(h, page->before, "\u2190 previous");
    put_neighbour(h, page->after, "next \u2192");
    put(h, "</nav>");
  }
  put(h, "</div></header>\n<main id=\"content\">\n");
}

void page_open(Html *h, const Page *page) {
  h->up = strchr(page->name, '/') ? "../" : "";
  begin_file(h, page->name);
  put_head(h, page);
  put_crumbs(h, page);
}

void page_close(Html *h) {
  const ReportOptions *options = h->report->options;
  put(h, "</main>\n<footer>overstay " OVERSTAY_VERSION);
  if (!options->reproducible) {
    put(h, ", run of ");
    put_time(h, options->started);
  }
  put(h, "</footer>\n</body>\n</html>\n");
  end_file(h);
  arena_reset(h->arena);
}
