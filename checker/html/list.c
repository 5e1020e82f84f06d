/* list.c - findings as lists of links, some hundreds a page: a page of thousands is slow to open,
 * and nobody reads it. */
#include "html/page.h"

static void put_chips(Html *h, const ReportFinding *finding) {
  if (finding->stored->state == FINDING_NEW && !h->report->options->reproducible)
    put(h, "<span class=\"chip new\">new</span>");
  if (finding->allow)
    put(h, "<span class=\"chip accepted\">accepted</span>");
  if (finding->stored->finding.confidence < CONFIDENCE_LIKELY)
    put_format(h, "<span class=\"chip\">%s</span>",
               confidence_word(finding->stored->finding.confidence));
}

static void put_entry(Html *h, const Entry *entry) {
  const ReportFinding *finding = entry->finding;
  const char *word = severity_word(finding->stored->finding.severity);
  put_format(h, "<li><a href=\"%sfinding/%s.html\"><span class=\"dot %s\">%s</span><span>", h->up,
             entry->name, word, word);
  put_sentence(h, finding->message);
  put_chips(h, finding);
  put(h, "</span><small><code>");
  put_place(h, finding->place.path, finding->place.line);
  put_format(h, "</code> %s</small></a></li>\n", finding->stored->finding.rule);
}

void put_list(Html *h, const Entry *const *entries, size_t count) {
  put(h, "<ol class=\"findings\">\n");
  for (size_t i = 0; i < count; i++)
    put_entry(h, entries[i]);
  put(h, "</ol>\n");
}

static const char *page_name(Html *h, const ListPage *page, size_t number) {
  return number ? arena_printf(h->arena, "%s-%zu.html", page->name, number + 1)
                : arena_printf(h->arena, "%s.html", page->name);
}

static void put_pages(Html *h, const ListPage *page, size_t number, size_t pages) {
  put(h, "<nav class=\"pages\" aria-label=\"more findings\">");
  for (size_t i = 0; i < pages; i++)
    if (i == number)
      put_format(h, "<b aria-current=\"page\">%zu</b>", i + 1);
    else
      put_format(h, "<a href=\"%s\">%zu</a>", page_name(h, page, i), i + 1);
  put(h, "</nav>\n");
}

static void write_one(Html *h, const ListPage *page, Listing listing, size_t number) {
  size_t pages = (listing.count + ROWS_A_PAGE - 1) / ROWS_A_PAGE, first = number * ROWS_A_PAGE;
  size_t count = listing.count - first < ROWS_A_PAGE ? listing.count - first : ROWS_A_PAGE;
  page_open(
      h, &(Page){.name = arena_printf(h->arena, "%s/%s", page->folder, page_name(h, page, number)),
                 .title = page->title,
                 .crumb = page->title});
  put(h, "<h1>");
  put_words(h, page->heading);
  put(h, "</h1>\n");
  if (!number && page->head)
    page->head(h, page->context);
  put(h, "<section class=\"card\"><h2>");
  put_count(h, listing.count, "finding", "findings");
  if (pages > 1)
    put_format(h, ", page %zu of %zu", number + 1, pages);
  put(h, "</h2>\n");
  put_list(h, listing.at + first, count);
  if (pages > 1)
    put_pages(h, page, number, pages);
  put(h, "</section>\n");
  if (!number && page->foot)
    page->foot(h, page->context);
  page_close(h);
}

void list_write(Html *h, const ListPage *page, Listing listing) {
  size_t number = 0;
  do
    write_one(h, page, listing, number++);
  while (number * ROWS_A_PAGE < listing.count);
}
