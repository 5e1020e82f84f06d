/* changed_lines.c - see changed_lines.h. The difference is that of Myers, up to a number of edits;
 * beyond it all between the first and the last difference counts as changed. */
#include "revision/changed_lines.h"

#include <string.h>

#include "base/array.h"
#include "base/hash_map.h"

enum { MOST_EDITS = 1000, LONGEST_SOURCE = 1 << 28 };

/* Lines first .. last, from 1. Lines that were taken out are the two they stood between. */
typedef struct {
  uint32_t first, last;
} Range;

typedef struct {
  const char *path; // below the root
  Range *ranges;
  size_t count, room;
} ChangedFile;

struct ChangedLines {
  ChangedFile *files;
  size_t count;
};

typedef struct {
  uint64_t *at; // a hash each
  int count;
} Lines;

static Lines lines_of(Arena *arena, const char *text, size_t size) {
  size_t count = 0;
  for (size_t i = 0; i < size; i++)
    count += text[i] == '\n';
  Lines lines = {.at = arena_new_array(arena, uint64_t, count + 1)};
  for (const char *at = text, *end = text + size; at < end;) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    size_t length = (size_t)((stop ? stop : end) - at);
    size_t kept = length && at[length - 1] == '\r' ? length - 1 : length;
    lines.at[lines.count++] = hash_bytes(at, kept).low;
    at += length + 1;
  }
  return lines;
}

/* Both are line numbers from 0, and one past the last. */
static void add_range(Arena *arena, ChangedFile *file, int first, int end) {
  Range range = {(uint32_t)first + 1, (uint32_t)end};
  if (first == end)
    range = (Range){first ? (uint32_t)first : 1, (uint32_t)first + 1};
  file->ranges =
      arena_grow(arena, file->ranges, sizeof range, file->count, &file->room, file->count + 1);
  file->ranges[file->count++] = range;
}

/* ---- the shortest edit */

typedef struct {
  const uint64_t *old, *new;
  int old_count, new_count;
  int *reached[MOST_EDITS]; // by edits: how far in `new` each diagonal got, from -edits to edits
} Walk;

/* With so many edits, as far as it goes on diagonal k (place in new less place in old). */
static int furthest(const Walk *w, int edits, int k) {
  int x = 0;
  if (edits) {
    const int *before = w->reached[edits - 1] + edits - 1;
    bool down = k == -edits || (k != edits && before[k - 1] + 1 < before[k + 1]);
    x = down ? before[k + 1] : before[k - 1] + 1;
  }
  while (x < w->new_count && x - k < w->old_count && x >= 0 && x - k >= 0 &&
         w->new[x] == w->old[x - k])
    x++;
  return x;
}

/* The number of edits; -1 when there are too many. */
static int walk(Arena *arena, Walk *w) {
  int goal = w->new_count - w->old_count;
  for (int edits = 0; edits < MOST_EDITS; edits++) {
    w->reached[edits] = arena_new_array(arena, int, 2 * (size_t)edits + 1);
    int *here = w->reached[edits] + edits;
    for (int k = -edits; k <= edits; k += 2) {
      here[k] = furthest(w, edits, k);
      if (k == goal && here[k] >= w->new_count)
        return edits;
    }
  }
  return -1;
}

/* Back along the way: a step to the right is a new line, one down is an old one that is gone. */
static void collect(Arena *arena, const Walk *w, int edits, int skipped, ChangedFile *file) {
  int k = w->new_count - w->old_count;
  for (; edits; edits--) {
    const int *before = w->reached[edits - 1] + edits - 1;
    bool down = k == -edits || (k != edits && before[k - 1] + 1 < before[k + 1]);
    int x = down ? before[k + 1] : before[k - 1];
    add_range(arena, file, skipped + x, skipped + x + !down);
    k += down ? 1 : -1;
  }
}

static void compare(Arena *arena, Lines old, Lines new, ChangedFile *file) {
  int start = 0;
  while (start < old.count && start < new.count &&old.at[start] == new.at[start])
    start++;
  while (old.count > start && new.count > start && old.at[old.count - 1] == new.at[new.count - 1]) {
    old.count--;
    new.count--;
  }
  if (old.count == start && new.count == start)
    return;
  Arena *scratch = arena_new();
  Walk *w = arena_new_one(scratch, Walk);
  *w = (Walk){old.at + start, new.at + start, old.count - start, new.count - start, {0}};
  int edits = w->old_count && w->new_count ? walk(scratch, w) : -1;
  if (edits < 0)
    add_range(arena, file, start, new.count);
  else
    collect(arena, w, edits, start, file);
  arena_free(scratch);
}

const ChangedLines *changed_lines_since(Arena *arena, Roots roots, const Tree *tree) {
  ChangedLines *changed = arena_new_one(arena, ChangedLines);
  uint32_t count;
  const TreeFile *files = tree_files(tree, &count);
  changed->files = arena_new_array(arena, ChangedFile, count);
  for (uint32_t i = 0; i < count; i++) {
    Arena *scratch = arena_new();
    FileText now = file_read(scratch, files[i].path, LONGEST_SOURCE);
    ChangedFile *file = &changed->files[changed->count];
    file->path = roots_name(arena, roots, files[i].path);
    if (now.text && files[i].text)
      compare(arena, lines_of(scratch, files[i].text, files[i].size),
              lines_of(scratch, now.text, now.size), file);
    else if (now.text)
      add_range(arena, file, 0, lines_of(scratch, now.text, now.size).count);
    changed->count += file->count > 0;
    arena_free(scratch);
  }
  return changed;
}

/* ---- findings */

static const ChangedFile *file_of(const ChangedLines *changed, const char *path) {
  for (size_t i = 0; i < changed->count; i++)
    if (!strcmp(changed->files[i].path, path))
      return &changed->files[i];
  return NULL;
}

static bool is_same_code(const ReportPlace *a, const ReportPlace *b) {
  return !strcmp(a->path, b->path) && !strcmp(a->function, b->function);
}

/* From the first to the last of the lines that the finding has in this function. */
static bool touches(const ChangedLines *changed, const ReportFinding *finding,
                    const ReportPlace *place) {
  const ChangedFile *file = file_of(changed, place->path);
  if (!file)
    return false;
  uint32_t first = place->line, last = place->end_line > place->line ? place->end_line : first;
  for (uint32_t i = 0; i < finding->step_count; i++) {
    const ReportPlace *other = &finding->steps[i].place;
    if (!finding->steps[i].has_place || !is_same_code(place, other))
      continue;
    first = other->line < first ? other->line : first;
    last = other->line > last ? other->line : last;
  }
  for (size_t i = 0; i < file->count; i++)
    if (file->ranges[i].first <= last && first <= file->ranges[i].last)
      return true;
  return false;
}

bool changed_lines_touch(const void *changed_lines, const ReportFinding *finding) {
  if (touches(changed_lines, finding, &finding->place))
    return true;
  for (uint32_t i = 0; i < finding->step_count; i++)
    if (finding->steps[i].has_place && touches(changed_lines, finding, &finding->steps[i].place))
      return true;
  return false;
}
