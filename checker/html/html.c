/* html.c - see html.h: who is on which page, and the folders that the pages stand in. */
#include "html/html.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/message.h"
#include "base/path.h"
#include "base/text.h"
#include "html/page.h"

/* ---- findings */

static int compare_names(const void *left, const void *right) {
  const Entry *a = *(Entry *const *)left, *b = *(Entry *const *)right;
  int order = strcmp(a->name, b->name);
  return order ? order : a < b ? -1 : a > b;
}

/* Two of one fingerprint get a number. */
static void name_entries(Html *h) {
  Entry **order = arena_new_array(h->whole, Entry *, h->entry_count);
  for (size_t i = 0; i < h->entry_count; i++) {
    order[i] = &h->entries[i];
    hash_hex(h->entries[i].finding->stored->finding.fingerprint, h->entries[i].name);
  }
  if (h->entry_count)
    qsort(order, h->entry_count, sizeof *order, compare_names);
  size_t same = 1;
  for (size_t i = 1; i < h->entry_count; i++) {
    same = !strncmp(order[i]->name, order[i - 1]->name, 32) ? same + 1 : 1;
    if (same > 1)
      snprintf(order[i]->name + 32, sizeof order[i]->name - 32, "-%zu", same);
  }
}

static void collect_entries(Html *h) {
  const Report *report = h->report;
  h->shown_count = report->finding_count;
  h->entry_count = report->finding_count + report->allowed_count;
  h->entries = arena_new_array(h->whole, Entry, h->entry_count);
  const ReportFinding **worst = report_worst_first(report);
  size_t shown = 0, accepted = h->shown_count;
  for (size_t i = 0; i < h->entry_count; i++)
    h->entries[worst[i]->allow ? accepted++ : shown++].finding = worst[i];
  name_entries(h);
}

/* ---- folders of the sources */

static int compare_places(const void *left, const void *right) {
  const Entry *a = *(const Entry *const *)left, *b = *(const Entry *const *)right;
  int order = strcmp(path_base(a->finding->place.path), path_base(b->finding->place.path));
  if (!order)
    order = (a->finding->place.line > b->finding->place.line) -
            (a->finding->place.line < b->finding->place.line);
  return order ? order : a < b ? -1 : a > b;
}

static int compare_folders(const void *left, const void *right) {
  return strcmp(((const Folder *)left)->path, ((const Folder *)right)->path);
}

static Folder *folder_of(Html *h, const char *path, size_t *room) {
  for (size_t i = h->folder_count; i-- > 0;)
    if (!strcmp(h->folders[i].path, path))
      return &h->folders[i];
  h->folders = arena_grow(h->whole, h->folders, sizeof *h->folders, h->folder_count, room,
                          h->folder_count + 1);
  Folder *folder = &h->folders[h->folder_count++];
  *folder = (Folder){.path = path};
  hash_hex(hash_text(path), folder->name);
  return folder;
}

static void collect_folders(Html *h) {
  size_t room = 0;
  Folder **of = arena_new_array(h->whole, Folder *, h->entry_count);
  size_t *counts = arena_new_array(h->whole, size_t, h->entry_count);
  for (size_t i = 0; i < h->entry_count; i++) {
    const char *path = path_folder(h->whole, h->entries[i].finding->place.path);
    counts[i] = (size_t)(folder_of(h, path, &room) - h->folders);
  }
  for (size_t i = 0; i < h->entry_count; i++) {
    of[i] = &h->folders[counts[i]];
    of[i]->listing.count++;
  }
  for (size_t i = 0; i < h->folder_count; i++) {
    h->folders[i].listing.at =
        arena_new_array(h->whole, const Entry *, h->folders[i].listing.count);
    h->folders[i].listing.count = 0;
  }
  for (size_t i = 0; i < h->entry_count; i++)
    of[i]->listing.at[of[i]->listing.count++] = &h->entries[i];
  for (size_t i = 0; i < h->folder_count; i++)
    qsort(h->folders[i].listing.at, h->folders[i].listing.count, sizeof *h->folders[i].listing.at,
          compare_places);
  if (h->folder_count)
    qsort(h->folders, h->folder_count, sizeof *h->folders, compare_folders);
}

static void collect_rules(Html *h) {
  const ReportOptions *options = h->report->options;
  h->rules = arena_new_array(h->whole, const RuleInfo *, options->rule_count + h->entry_count);
  for (size_t i = 0; i < options->rule_count; i++)
    h->rules[h->rule_count++] = &options->rules[i];
  for (size_t i = 0; i < h->entry_count; i++) {
    const RuleInfo *rule = h->entries[i].finding->rule;
    bool is_known = !rule;
    for (size_t k = 0; k < h->rule_count && !is_known; k++)
      is_known = h->rules[k] == rule;
    if (!is_known)
      h->rules[h->rule_count++] = rule;
  }
}

/* ---- folders of pages */

static const char *const page_folders[] = {"finding", "rule", "folder", "all"};
enum { PAGE_FOLDERS = sizeof page_folders / sizeof *page_folders };

static void make_folder(const char *path) {
  if (mkdir(path, 0777) && errno != EEXIST)
    die(EXIT_INTERNAL, "cannot make the folder '%s': %s", path, strerror(errno));
}

/* The folder itself may be a link, since somebody named it. Those in it may not: whoever made the
 * tree could have pages written, and removed, anywhere. */
static void make_folders(Html *h) {
  make_folder(h->folder);
  for (size_t i = 0; i < PAGE_FOLDERS; i++) {
    const char *path = path_join(h->whole, h->folder, page_folders[i]);
    struct stat status;
    make_folder(path);
    if (lstat(path, &status) || !S_ISDIR(status.st_mode))
      die(EXIT_INTERNAL, "'%s' is no folder", path);
  }
}

static bool is_page(const char *path) {
  char head[1024] = "";
  int number = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  ssize_t count = number < 0 ? 0 : read(number, head, sizeof head - 1);
  if (number >= 0)
    close(number);
  return count > 0 && strstr(head, PAGE_MARK);
}

/* Pages that were there before this run: those that it did not write are of findings that are gone.
 * Nothing but pages of ours is removed. */
static void remove_old(Html *h, const char *folder, const struct timespec *begin) {
  const char *path = path_join(h->arena, h->folder, folder);
  DIR *listing = opendir(path);
  for (struct dirent *entry; listing && (entry = readdir(listing));) {
    struct stat status;
    const char *page = path_join(h->arena, path, entry->d_name);
    if (!text_ends(entry->d_name, ".html") || lstat(page, &status) || !S_ISREG(status.st_mode))
      continue;
    bool is_older =
        status.st_mtim.tv_sec < begin->tv_sec ||
        (status.st_mtim.tv_sec == begin->tv_sec && status.st_mtim.tv_nsec < begin->tv_nsec);
    if (is_older && is_page(page))
      unlink(page);
  }
  if (listing)
    closedir(listing);
  arena_reset(h->arena);
}

/* By the clock of the file system, which is not ours. */
static struct timespec time_of(const Html *h, const char *name) {
  struct stat status;
  if (stat(path_join(h->whole, h->folder, name), &status))
    return (struct timespec){0};
  return status.st_mtim;
}

void html_write(const char *folder, const Report *report, const Pictures *pictures) {
  Html h = {.report = report,
            .pictures = pictures,
            .folder = folder,
            .arena = arena_new(),
            .whole = arena_new(),
            .up = ""};
  collect_entries(&h);
  collect_folders(&h);
  collect_rules(&h);
  make_folders(&h);
  page_style(&h);
  struct timespec begin = time_of(&h, "style.css");
  findings_write(&h);
  rules_write(&h);
  folders_write(&h);
  unchecked_write(&h);
  index_write(&h);
  for (size_t i = 0; i < PAGE_FOLDERS; i++)
    remove_old(&h, page_folders[i], &begin);
  arena_free(h.whole);
  arena_free(h.arena);
}
