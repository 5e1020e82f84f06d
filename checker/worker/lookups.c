/* lookups.c - see lookups.h. Everything is remembered for the worker's life: what stands under a
 * name may change meanwhile, but then its folder's stat is not the noted one any more. */
#include "worker/lookups.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/guard.h"
#include "base/hash_map.h"
#include "base/path.h"
#include "input/search.h"

static const int64_t NANO = 1000000000;
enum { LONGEST_FILE = 1 << 28 };

typedef struct {
  const char *path; // absolute
  bool exists;
  int64_t mtime_ns, ctime_ns;
  uint64_t inode;
} Folder;

typedef struct {
  uint32_t folder;
  const char *name;
  uint8_t state;
  uint32_t stamp; // of the last unit that has it
} Place;

/* #include "name", or __has_include(<name>): `probe`. */
typedef struct {
  const char *name;
  bool quoted, probe;
} Question;

typedef struct {
  Question *at;
  uint32_t count;
  bool computed; // #include MACRO
} Questions;

typedef struct {
  uint32_t first, count; // in Lookups.answers
} Answers;

struct Lookups {
  Arena *arena;
  const Tree *tree;
  ARRAY(Folder) folders;
  ARRAY(Place) places;
  ARRAY(Questions) files;
  ARRAY(SearchPath) searches;
  ARRAY(Answers) asked;
  ARRAY(uint32_t) answers; // indices into places
  HashMap folder_map, place_map, file_map, search_map, asked_map;
  uint32_t stamp;
};

Lookups *lookups_new(void) {
  Lookups *all = memory_resize(NULL, sizeof *all);
  *all = (Lookups){.arena = arena_new()};
  return all;
}

/* ---- what a file asks */

typedef ARRAY(Question) QuestionList;

static const char *skip_blanks(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\t'))
    at++;
  return at;
}

/* False when it is no name: a macro stands there. */
static bool take_name(Lookups *all, QuestionList *list, const char *at, const char *end,
                      bool probe) {
  if (at >= end || (*at != '<' && *at != '"'))
    return false;
  const char *line = memchr(at, '\n', (size_t)(end - at));
  size_t room = (size_t)((line ? line : end) - at) - 1;
  const char *close = memchr(at + 1, *at == '<' ? '>' : '"', room);
  if (close && close > at + 1)
    array_push(list, (Question){arena_text_n(all->arena, at + 1, (size_t)(close - at) - 1),
                                *at == '"', probe});
  return true;
}

static bool take_directive(Lookups *all, QuestionList *list, const char *at, const char *end) {
  static const char *const words[] = {"include_next", "include", "import", "embed"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    size_t length = strlen(words[i]);
    if ((size_t)(end - at) <= length || strncmp(at, words[i], length))
      continue;
    return take_name(all, list, skip_blanks(at + length, end), end, false);
  }
  return true;
}

static Questions scan(Lookups *all, const char *text, size_t size) {
  static const char probe[] = "__has_include";
  QuestionList list = {0};
  bool computed = false;
  const char *end = text + size, *at = text;
  while ((at = memchr(at, '#', (size_t)(end - at))))
    computed |= !take_directive(all, &list, skip_blanks(++at, end), end);
  for (at = text; (at = memmem(at, (size_t)(end - at), probe, sizeof probe - 1));) {
    at += sizeof probe - 1;
    at += (size_t)(end - at) > 5 && !strncmp(at, "_next", 5) ? 5 : 0;
    while (at < end && (*at == ' ' || *at == '('))
      at++;
    take_name(all, &list, at, end, true);
  }
  Questions result = {arena_copy(all->arena, list.at, list.count * sizeof *list.at),
                      (uint32_t)list.count, computed};
  array_free(&list);
  return result;
}

static const Questions *questions_of(Lookups *all, Roots roots, const UnitFile *file) {
  uint32_t index = hash_map_get(&all->file_map, file->content);
  if (index == MAP_ABSENT) {
    Arena *scratch = arena_new();
    const char *path = roots_path(scratch, roots, file->path);
    FileText text = tree_read(scratch, all->tree, path, LONGEST_FILE);
    index = (uint32_t)all->files.count;
    array_push(&all->files, text.text ? scan(all, text.text, text.size) : (Questions){0});
    hash_map_put(&all->file_map, file->content, index);
    arena_free(scratch);
  }
  return &all->files.at[index];
}

/* ---- what stands there */

static uint32_t folder_of(Lookups *all, const char *path) {
  Hash hash = hash_text(path);
  uint32_t index = hash_map_get(&all->folder_map, hash);
  if (index != MAP_ABSENT)
    return index;
  struct stat status;
  bool on_disk = !stat(path, &status) && S_ISDIR(status.st_mode);
  Folder folder = {.path = arena_text(all->arena, path),
                   .exists = on_disk || tree_has_folder(all->tree, path)};
  if (on_disk) {
    folder.mtime_ns = status.st_mtim.tv_sec * NANO + status.st_mtim.tv_nsec;
    folder.ctime_ns = status.st_ctim.tv_sec * NANO + status.st_ctim.tv_nsec;
    folder.inode = (uint64_t)status.st_ino;
  }
  index = (uint32_t)all->folders.count;
  array_push(&all->folders, folder);
  hash_map_put(&all->folder_map, hash, index);
  return index;
}

uint8_t lookup_state(const Tree *tree, const char *path) {
  TreeEntry entry = tree_look(tree, path);
  if (entry == TREE_NOTHING)
    return LOOKUP_NOTHING;
  return entry == TREE_FOLDER ? LOOKUP_FOLDER : LOOKUP_FILE;
}

/* The deepest folder that is there, and the part of the path that would have to appear in it. */
static Place find_place(Lookups *all, const char *path) {
  for (const char *above;; path = above) {
    above = path_folder(all->arena, path);
    uint32_t folder = folder_of(all, above);
    if (all->folders.at[folder].exists || !strcmp(above, path))
      return (Place){folder, path_base(path), lookup_state(all->tree, path), 0};
  }
}

static uint32_t place_of(Lookups *all, const char *folder, const char *name) {
  const char *path = path_normal(all->arena, path_join(all->arena, folder, name));
  Hash hash = hash_text(path);
  uint32_t index = hash_map_get(&all->place_map, hash);
  if (index != MAP_ABSENT)
    return index;
  index = (uint32_t)all->places.count;
  Place place = find_place(all, path);
  array_push(&all->places, place);
  hash_map_put(&all->place_map, hash, index);
  return index;
}

/* ---- a question's answers */

/* True when the search ends there. */
static bool look(Lookups *all, const char *folder, const Question *question) {
  uint32_t place = place_of(all, folder, question->name);
  bool found = all->places.at[place].state == LOOKUP_FILE;
  if (!found || question->probe)
    array_push(&all->answers, place);
  return found;
}

static void ask(Lookups *all, const SearchPath *search, const char *own, const Question *question) {
  if (question->name[0] == '/') {
    look(all, "/", question);
    return;
  }
  if (question->quoted && look(all, own, question))
    return;
  const TextList *folders = question->quoted ? &search->quoted : &search->angled;
  for (uint32_t i = 0; i < folders->count; i++)
    if (look(all, folders->at[i], question))
      return;
}

static Answers answers_of(Lookups *all, uint32_t search, const char *own,
                          const Question *question) {
  uint8_t form = (uint8_t)(question->quoted | question->probe << 1);
  Hash key = hash_pair(hash_text(question->name), (Hash){search, form});
  if (question->quoted)
    key = hash_pair(key, hash_text(own));
  uint32_t known = hash_map_get(&all->asked_map, key);
  if (known != MAP_ABSENT)
    return all->asked.at[known];
  Answers answers = {.first = (uint32_t)all->answers.count};
  ask(all, &all->searches.at[search], own, question);
  answers.count = (uint32_t)all->answers.count - answers.first;
  hash_map_put(&all->asked_map, key, (uint32_t)all->asked.count);
  array_push(&all->asked, answers);
  return answers;
}

static uint32_t search_of(Lookups *all, const Job *job) {
  Hash key = hash_pair(job->command_hash, hash_text(job->directory));
  uint32_t index = hash_map_get(&all->search_map, key);
  if (index == MAP_ABSENT) {
    index = (uint32_t)all->searches.count;
    array_push(&all->searches, search_path(all->arena, job));
    hash_map_put(&all->search_map, key, index);
  }
  return index;
}

/* ---- a unit */

typedef struct {
  Lookups *all;
  Arena *arena; // of the unit
  const Job *job;
  Roots roots;
  uint32_t search;
  ARRAY(uint32_t) places;
} UnitVisit;

static void visit(UnitVisit *v, const char *own, const Question *question) {
  Answers answers = answers_of(v->all, v->search, own, question);
  for (uint32_t i = 0; i < answers.count; i++) {
    uint32_t index = v->all->answers.at[answers.first + i];
    Place *place = &v->all->places.at[index];
    if (place->stamp != v->all->stamp)
      array_push(&v->places, index);
    place->stamp = v->all->stamp;
  }
}

static bool visit_files(UnitVisit *v, const Unit *unit) {
  bool computed = false;
  for (uint32_t i = 0; i < unit->file_count; i++) {
    const UnitFile *file = &unit->files[i];
    const Questions *questions = questions_of(v->all, v->roots, file);
    const char *own = path_folder(v->arena, roots_path(v->arena, v->roots, file->path));
    for (uint32_t k = 0; k < questions->count; k++)
      visit(v, own, &questions->at[k]);
    computed |= questions->computed;
  }
  return computed;
}

/* The name behind a macro is not known, but the file is: any name that gives it will do. */
static void visit_computed(UnitVisit *v, const Unit *unit) {
  const TextList *folders = &v->all->searches.at[v->search].quoted;
  for (uint32_t i = 0; i < unit->file_count; i++) {
    const char *path = roots_path(v->arena, v->roots, unit->files[i].path);
    for (uint32_t k = 0; k < folders->count; k++)
      if (path_inside(folders->at[k], path) && strcmp(folders->at[k], path))
        visit(v, v->job->directory,
              &(Question){.name = path_below(v->all->arena, folders->at[k], path)});
  }
}

static const Lookups *sorted; // qsort has no context; a worker has one thread

static int by_folder_and_name(const void *left, const void *right) {
  const Place *a = &sorted->places.at[*(const uint32_t *)left];
  const Place *b = &sorted->places.at[*(const uint32_t *)right];
  if (a->folder != b->folder)
    return strcmp(sorted->folders.at[a->folder].path, sorted->folders.at[b->folder].path);
  return strcmp(a->name, b->name);
}

static void fill_folders(UnitVisit *v, Unit *unit) {
  const Lookups *all = v->all;
  Lookup *lookups = arena_new_array(v->arena, Lookup, v->places.count);
  unit->folders = arena_new_array(v->arena, UnitFolder, v->places.count);
  uint32_t last = MAP_ABSENT;
  for (size_t i = 0; i < v->places.count; i++) {
    const Place *place = &all->places.at[v->places.at[i]];
    const Folder *folder = &all->folders.at[place->folder];
    if (place->folder != last)
      unit->folders[unit->folder_count++] =
          (UnitFolder){.path = roots_name(v->arena, v->roots, folder->path),
                       .mtime_ns = folder->mtime_ns,
                       .ctime_ns = folder->ctime_ns,
                       .inode = folder->inode,
                       .lookups = &lookups[i]};
    last = place->folder;
    UnitFolder *to = &unit->folders[unit->folder_count - 1];
    // Two names can lead to one place: "sys/a.h" and "sys/b.h" both lack "sys".
    if (!to->count || strcmp(to->lookups[to->count - 1].name, place->name))
      lookups[(size_t)(to->lookups - lookups) + to->count++] = (Lookup){place->name, place->state};
  }
}

void lookups_of_unit(Lookups *all, Arena *arena, const Job *job, const LookupPlace *where,
                     Unit *unit) {
  if (!guard_on("lookups"))
    return;
  UnitVisit v = {.all = all, .arena = arena, .job = job, .roots = where->roots};
  all->tree = where->tree;
  v.search = search_of(all, job);
  all->stamp++;
  const char *own = path_folder(arena, job->source);
  if (visit_files(&v, unit))
    visit_computed(&v, unit);
  for (uint32_t i = 0; i < unit->missing_count; i++)
    visit(&v, own, &(Question){arena_text(all->arena, unit->missing[i]), true, false});
  for (uint32_t i = 0; i < job->forced.count; i++)
    visit(&v, job->directory, &(Question){job->forced.at[i], true, false});
  sorted = all;
  if (v.places.count)
    qsort(v.places.at, v.places.count, sizeof *v.places.at, by_folder_and_name);
  fill_folders(&v, unit);
  array_free(&v.places);
}
