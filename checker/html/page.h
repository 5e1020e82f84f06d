/* page.h - what the pages share; nobody outside of html/ includes it. */
#ifndef HTML_PAGE_H
#define HTML_PAGE_H

#include "html/html.h"
#include "report/source.h"
#include "report/words.h"

enum { ROWS_A_PAGE = 200 };
#define PAGE_MARK "<meta name=\"generator\" content=\"overstay\">" // tells our pages from others

/* A finding and where its page is. */
typedef struct {
  const ReportFinding *finding;
  char name[56]; // file name without extension: the fingerprint
} Entry;

/* Findings that are listed together. */
typedef struct {
  const Entry **at;
  size_t count;
} Listing;

/* Findings of one folder of the sources. */
typedef struct {
  const char *path; // "src/net", "." for the root
  char name[36];    // of its page
  Listing listing;
} Folder;

typedef struct Html {
  const Report *report;
  const Pictures *pictures;
  const char *folder;   // where the pages go
  Arena *arena;         // of the page at hand
  Arena *whole;         // of all pages
  FILE *out;            // the page at hand
  const char *new_path; // of it, until it is whole
  const char *path;
  const char *up; // from the page at hand to the index: "" or "../"
  Entry *entries; // shown ones worst first, then accepted ones
  size_t entry_count, shown_count;
  Folder *folders;
  size_t folder_count;
  const RuleInfo **rules; // all there are, and those of our own notes
  size_t rule_count;
  struct Colours *colours; // of sources, as far as they were shown
} Html;

/* ---- page.c: an open page, and text that cannot become markup */
typedef struct {
  const char *name;                 // "finding/1f2e.html"
  const char *title;                // of the window
  const char *crumb;                // where it stands below the index; NULL: it is the index
  const char *parent, *parent_name; // a crumb between, and its page; NULL: none
  const Entry *before, *after;      // of findings
} Page;
void page_open(Html *, const Page *);
void page_close(Html *);
void page_style(Html *); // the sheet

void put(Html *, const char *markup);
void put_format(Html *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void put_text(Html *, const char *text);     // visible and escaped
void put_words(Html *, const char *text);    // a message: what stands in quotes is code
void put_sentence(Html *, const char *text); // the same, beginning with a capital
void put_time(Html *, int64_t seconds);
void put_count(Html *, size_t count, const char *one, const char *many);
void put_number(Html *, uint64_t);
void put_place(Html *, const char *path, uint32_t line);

/* ---- list.c */
void put_list(Html *, const Entry *const *, size_t count); // of findings, as links
/* Pages of a listing: `first` without a number, then name-2, name-3 ... Calls `head` for the first
 * one. */
typedef struct {
  const char *folder, *name, *title, *heading; // heading is plain text
  void (*head)(Html *, const void *context);   // before the list of the first page; or NULL
  void (*foot)(Html *, const void *context);   // after it; or NULL
  const void *context;
} ListPage;
void list_write(Html *, const ListPage *, Listing);

/* ---- the kinds of pages */
void index_write(Html *);
void rules_write(Html *);
void folders_write(Html *);
void unchecked_write(Html *);
void findings_write(Html *);

/* ---- code.c: the lines of the sources that a finding is about */
void put_code(Html *, const ReportFinding *);
/* The finding is said at its place, unless a step is there and says it. */
bool is_said_by(const ReportFinding *, const ReportStep *);
void put_ball(Html *, const ReportFinding *, const ReportStep *); // NULL: the finding's own
/* ---- colour.c: what each byte of a line is */
typedef enum {
  COLOUR_NONE,
  COLOUR_KEYWORD,
  COLOUR_TEXT,
  COLOUR_NUMBER,
  COLOUR_DIRECTIVE,
  COLOUR_COMMENT
} Colour;
/* One line; returns whether a comment goes on in the next one. `colours` may be NULL. */
bool colour_line(const char *text, size_t length, bool in_comment, uint8_t *colours);
/* A line with the bytes from `from` up to `to` marked. */
typedef struct {
  size_t from, to;
  const char *class; // of the mark; NULL: none
} Marked;
void put_coloured(Html *, const char *text, size_t length, bool in_comment, Marked);
void put_source_line(Html *, const Source *, uint32_t line, Marked);

/* ---- markdown.c: the pages of rules. `section`: only what stands below this heading. */
void put_markdown(Html *, const char *text, const char *section);

/* ---- figure.c */
void put_figure(Html *, const ReportFinding *);

#endif
