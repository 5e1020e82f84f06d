/* index.c - the first page: how much there is, of which rule, in which folder, and the worst. */
#include <stdlib.h>

#include "html/page.h"

enum { WORST = 50, FOLDERS = 30, BAR = 1000 };

/* `page`: where it leads; NULL: nowhere. */
static void put_tile(Html *h, const char *class, size_t count, const char *label,
                     const char *page) {
  const char *tag = page ? "a" : "div";
  put_format(h, "<%s class=\"tile %s\"", tag, count ? class : "none");
  if (page)
    put_format(h, " href=\"%s\"", page);
  put(h, "><b>");
  put_number(h, count);
  put_format(h, "</b><span>%s</span></%s>\n", label, tag);
}

static void put_tiles(Html *h) {
  const Report *report = h->report;
  size_t unchecked = report->failed_count + report->gap_count;
  put(h, "<div class=\"tiles\">\n");
  put_tile(h, "error", report->counts[SEVERITY_ERROR], "errors", NULL);
  put_tile(h, "warning", report->counts[SEVERITY_WARNING], "warnings", NULL);
  put_tile(h, "note", report->counts[SEVERITY_NOTE], "notes", NULL);
  if (!report->options->reproducible) {
    put_tile(h, "new", report->new_count, "new in this run", NULL);
    put_tile(h, "accepted", report->gone_count, "gone since the last run",
             report->gone_count ? "#gone" : NULL);
  }
  put_tile(h, "accepted", report->allowed_count, "accepted in the source",
           report->allowed_count ? "all/accepted.html" : NULL);
  put_tile(h, "warning", unchecked, "not checked", "unchecked.html");
  put(h, "</div>\n");
}

/* ---- counts */

typedef struct {
  size_t of[SEVERITY_ERROR + 1], total;
} Counts;

static void count(Counts *counts, const Entry *entry) {
  if (entry->finding->allow)
    return;
  counts->of[entry->finding->stored->finding.severity]++;
  counts->total++;
}

static Counts counts_of_folder(const Folder *folder) {
  Counts counts = {0};
  for (size_t i = 0; i < folder->listing.count; i++)
    count(&counts, folder->listing.at[i]);
  return counts;
}

static Counts counts_of_rule(const Html *h, const char *id) {
  Counts counts = {0};
  for (size_t i = 0; i < h->entry_count; i++)
    if (!strcmp(h->entries[i].finding->stored->finding.rule, id))
      count(&counts, &h->entries[i]);
  return counts;
}

static void put_bar(Html *h, const Counts *counts, size_t most) {
  size_t x = 0;
  put_format(h,
             "<td class=\"bar\"><svg viewBox=\"0 0 %d 10\" preserveAspectRatio=\"none\" "
             "aria-hidden=\"true\"><rect class=\"rest\" width=\"%d\" height=\"10\"/>",
             BAR, BAR);
  for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--) {
    size_t width = most ? counts->of[severity] * BAR / most : 0;
    width = counts->of[severity] && width < 8 ? 8 : width;
    if (width)
      put_format(h, "<rect class=\"%s\" x=\"%zu\" width=\"%zu\" height=\"10\"/>",
                 severity_word((Severity)severity), x, width);
    x += width;
  }
  put(h, "</svg></td><td class=\"number\">");
  put_number(h, counts->total);
  put(h, "</td></tr>\n");
}

static void put_table_head(Html *h, const char *title, const char *what) {
  put_format(h,
             "<section class=\"card\"><h2>%s</h2>\n<table><thead><tr><th>%s</th><th "
             "class=\"bar\"></th><th class=\"number\">findings</th></tr></thead><tbody>\n",
             title, what);
}

static bool has_entries(const Html *h, const char *id) {
  for (size_t i = 0; i < h->entry_count; i++)
    if (!strcmp(h->entries[i].finding->stored->finding.rule, id))
      return true;
  return false;
}

static void put_rules(Html *h) {
  Counts *counts = arena_new_array(h->arena, Counts, h->rule_count);
  size_t most = 0;
  for (size_t i = 0; i < h->rule_count; i++) {
    counts[i] = counts_of_rule(h, h->rules[i]->id);
    most = counts[i].total > most ? counts[i].total : most;
  }
  put_table_head(h, "By rule", "rule");
  for (size_t i = 0; i < h->rule_count; i++) {
    const RuleInfo *rule = h->rules[i];
    if (!has_entries(h, rule->id))
      continue;
    put_format(h, "<tr><td><a href=\"rule/%s.html\">%s</a><small>", rule->id, rule->id);
    put_text(h, rule->summary);
    put(h, "</small></td>");
    put_bar(h, &counts[i], most);
  }
  put(h, "</tbody></table>\n<p class=\"empty\">Looked for, and not found: ");
  size_t absent = 0;
  for (size_t i = 0; i < h->rule_count; i++)
    if (h->rules[i]->is_on && !has_entries(h, h->rules[i]->id))
      put_format(h, "%s<a href=\"rule/%s.html\">%s</a>", absent++ ? ", " : "", h->rules[i]->id,
                 h->rules[i]->id);
  put(h, absent ? ".</p>\n</section>\n" : "nothing, each rule found something.</p>\n</section>\n");
}

static int compare_counts(const void *left, const void *right) {
  const Folder *a = *(const Folder *const *)left, *b = *(const Folder *const *)right;
  if (a->listing.count != b->listing.count)
    return a->listing.count > b->listing.count ? -1 : 1;
  return strcmp(a->path, b->path);
}

static void put_folder_rows(Html *h, const Folder *const *folders, size_t count, size_t most) {
  for (size_t i = 0; i < count; i++) {
    Counts counts = counts_of_folder(folders[i]);
    put_format(h, "<tr><td><a href=\"%sfolder/%s.html\"><code>", h->up, folders[i]->name);
    put_text(h, strcmp(folders[i]->path, ".") ? folders[i]->path : "./");
    put(h, "</code></a></td>");
    put_bar(h, &counts, most);
  }
  put(h, "</tbody></table>\n");
}

/* Those with most findings first; of many the others stand on a page of their own. */
static const Folder **folders_by_count(Html *h) {
  const Folder **folders = arena_new_array(h->arena, const Folder *, h->folder_count);
  for (size_t i = 0; i < h->folder_count; i++)
    folders[i] = &h->folders[i];
  if (h->folder_count)
    qsort(folders, h->folder_count, sizeof *folders, compare_counts);
  return folders;
}

static void put_folders(Html *h) {
  const Folder **folders = folders_by_count(h);
  size_t shown = h->folder_count < FOLDERS ? h->folder_count : FOLDERS;
  put_table_head(h, "By folder", "folder");
  put_folder_rows(h, folders, shown, folders[0]->listing.count);
  if (shown < h->folder_count) {
    put(h, "<p class=\"empty\"><a href=\"all/folders.html\">All ");
    put_count(h, h->folder_count, "folder", "folders");
    put(h, "</a></p>\n");
  }
  put(h, "</section>\n");
}

static void write_folders(Html *h) {
  page_open(h, &(Page){.name = "all/folders.html", .title = "All folders", .crumb = "folders"});
  const Folder **folders = folders_by_count(h);
  put(h, "<h1>All folders</h1>\n");
  put_table_head(h, "Those with most findings first", "folder");
  put_folder_rows(h, folders, h->folder_count, folders[0]->listing.count);
  put(h, "</section>\n");
  page_close(h);
}

static void put_worst(Html *h) {
  size_t count = h->shown_count < WORST ? h->shown_count : WORST;
  const Entry **worst = arena_new_array(h->arena, const Entry *, count);
  for (size_t i = 0; i < count; i++)
    worst[i] = &h->entries[i];
  put_format(h, "<section class=\"card\"><h2>%s</h2>\n",
             count < h->shown_count ? "The worst" : "All findings, the worst first");
  put_list(h, worst, count);
  if (count < h->shown_count) {
    put(h, "<p><a href=\"all/findings.html\">All ");
    put_count(h, h->shown_count, "finding", "findings");
    put(h, "</a></p>\n");
  }
  put(h, "</section>\n");
}

/* ---- what is gone */

static void put_gone(Html *h) {
  const Report *report = h->report;
  if (!report->gone_count || report->options->reproducible)
    return;
  put(h, "<section class=\"card\" id=\"gone\"><h2>Gone since the last run</h2>\n<ul "
         "class=\"evidence\">\n");
  for (size_t i = 0; i < report->gone_count && i < WORST; i++) {
    put_format(h, "<li>%s in <code>", report->gone[i].rule);
    put_text(h, report->gone[i].function);
    put(h, "</code></li>\n");
  }
  if (report->gone_count > WORST)
    put_format(h, "<li>and %zu more</li>\n", report->gone_count - WORST);
  put(h, "</ul></section>\n");
}

static void write_all(Html *h, const char *name, const char *title, size_t first, size_t count) {
  const Entry **at = arena_new_array(h->whole, const Entry *, count);
  for (size_t i = 0; i < count; i++)
    at[i] = &h->entries[first + i];
  list_write(h, &(ListPage){.folder = "all", .name = name, .title = title, .heading = title},
             (Listing){at, count});
}

void index_write(Html *h) {
  const Report *report = h->report;
  if (h->shown_count > WORST)
    write_all(h, "findings", "All findings, the worst first", 0, h->shown_count);
  if (h->entry_count > h->shown_count)
    write_all(h, "accepted", "Accepted in the source", h->shown_count,
              h->entry_count - h->shown_count);
  if (h->folder_count > FOLDERS)
    write_folders(h);
  page_open(h, &(Page){.name = "index.html", .title = "Findings"});
  put(h, "<h1>");
  put_count(h, report->finding_count, "finding", "findings");
  put(h, " in ");
  put_count(h, report->function_count, "function", "functions");
  put(h, "</h1>\n<p class=\"lead\">");
  put_count(h, report->unit_count, "unit", "units");
  put(h, report->failed_count ? " were read, " : " were read");
  if (report->failed_count) {
    put_number(h, report->failed_count);
    put(h, " of them without a result");
  }
  put(h, ".");
  if (report->hidden) {
    put(h, " Not shown: ");
    put_count(h, report->hidden, "finding", "findings");
    put(h, " below the limits of this report.");
  }
  put(h, "</p>\n");
  put_tiles(h);
  put(h, "<div class=\"columns\">\n");
  put_rules(h);
  if (h->folder_count)
    put_folders(h);
  put(h, "</div>\n");
  if (h->shown_count)
    put_worst(h);
  put_gone(h);
  page_close(h);
}
