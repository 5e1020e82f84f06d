/* model.c - see model.h. Built once when a run starts; what is said of a name is the same from
 * then on. */
#include "model/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/parse.h"

uint32_t id_map_get(const IdMap *map, TextId id) { return id < map->count ? map->at[id] : 0; }

void id_map_put(IdMap *map, TextId id, uint32_t value) {
  if (id >= map->count) {
    size_t room = map->count ? map->count * 2 : 1024;
    while (room <= id)
      room *= 2;
    map->at = memory_resize(map->at, sizeof *map->at * room);
    memset(map->at + map->count, 0, sizeof *map->at * (room - map->count));
    map->count = room;
  }
  map->at[id] = value;
}

typedef struct {
  const char *name;
  Hash hash;
} Named;

static int compare_named(const void *x, const void *y) {
  return strcmp(((const Named *)x)->name, ((const Named *)y)->name);
}

/* Of what the models say, not of how they are written: a comment changes nothing. */
static Hash hash_set(const ModelSet *set) {
  Arena *scratch = arena_new();
  size_t count = 0;
  Named *all = arena_new_array(scratch, Named, set->entries.count + set->types.count);
  for (size_t i = 0; i < set->entries.count; i++)
    all[count++] =
        (Named){text_of(set->symbols, set->entries.at[i].name), set->entries.at[i].summary->hash};
  for (size_t i = 0; i < set->types.count; i++)
    all[count++] =
        (Named){arena_printf(scratch, "type %s", text_of(set->symbols, set->types.at[i].name)),
                hash_text(text_of(set->symbols, set->types.at[i].kind))};
  qsort(all, count, sizeof *all, compare_named);
  Hash hash = {0};
  for (size_t i = 0; i < count; i++)
    hash = hash_pair(hash, hash_pair(hash_text(all[i].name), all[i].hash));
  arena_free(scratch);
  return hash;
}

static bool read_source(ModelSet *set, const ModelSource *source, uint32_t number,
                        const char **error) {
  Parser p = {.set = set, .file = source->name, .source = number};
  p.kind = text_intern(set->symbols, "lock");
  parse_source(&p, source->text);
  *error = p.error;
  return !p.error;
}

ModelSet *models_load(Arena *arena, TextPool *symbols, const ModelSource *extra, size_t count,
                      const char **error) {
  ModelSet *set = arena_new_one(arena, ModelSet);
  set->arena = arena;
  set->symbols = symbols;
  set->terms = terms_new();
  *error = NULL;
  bool good = true;
  for (size_t i = 0; i < embedded_model_count && good; i++)
    good = read_source(set, &embedded_models[i], (uint32_t)i, error);
  for (size_t i = 0; i < count && good; i++)
    good = read_source(set, &extra[i], (uint32_t)(embedded_model_count + i), error);
  if (!good) {
    models_free(set);
    return NULL;
  }
  set->hash = hash_set(set);
  set->known = arena_new_one(arena, IdMap);
  set->declared = arena_new_one(arena, IdMap);
  return set;
}

void models_free(ModelSet *set) {
  if (!set)
    return;
  terms_free(set->terms);
  array_free(&set->entries);
  array_free(&set->constants);
  array_free(&set->types);
  memory_free(set->entry_of.at);
  array_free(&set->declarations);
  array_free(&set->guards);
  array_free(&set->orders);
  if (set->known)
    memory_free(set->known->at);
  if (set->declared)
    memory_free(set->declared->at);
  memory_free(set->constant_of.at);
  memory_free(set->type_of.at);
}

/* Keys of ir.h say more than models know: "struct ops#1f3a5c77.lock" is "struct ops.lock" here, and
 * an inline function of a header, "glib/gmacros.h:g_mutex_locker_new", has its plain name. A static
 * function of a .c file is the program's own, whatever its name. */
static TextId plain_key(const ModelSet *set, TextId key) {
  const char *text = text_of(set->symbols, key);
  const char *colon = strrchr(text, ':');
  if (colon)
    return colon - text > 2 && !strncmp(colon - 2, ".h", 2) ? text_find(set->symbols, colon + 1)
                                                            : 0;
  const char *hash = strchr(text, '#'), *dot = hash ? strchr(hash, '.') : NULL;
  if (!dot)
    return 0;
  char plain[256];
  int length = snprintf(plain, sizeof plain, "%.*s%s", (int)(hash - text), text, dot);
  return length < (int)sizeof plain ? text_find(set->symbols, plain) : 0;
}

static uint32_t search_entry(const ModelSet *set, TextId function) {
  uint32_t found = id_map_get(&set->entry_of, function);
  return found ? found : id_map_get(&set->entry_of, plain_key(set, function));
}

/* Every name is looked at once: a run asks for each many times. */
static const ModelEntry *find_entry(const ModelSet *set, TextId function) {
  uint32_t known = id_map_get(set->known, function);
  if (!known) {
    known = search_entry(set, function) + 1;
    id_map_put(set->known, function, known);
  }
  return known > 1 ? &set->entries.at[known - 2] : NULL;
}

const Summary *models_find(const ModelSet *set, TextId function) {
  const ModelEntry *entry = find_entry(set, function);
  return entry && !entry->fallback ? entry->summary : NULL;
}

const Summary *models_fallback(const ModelSet *set, TextId function) {
  const ModelEntry *entry = find_entry(set, function);
  return entry && entry->fallback ? entry->summary : NULL;
}

const char *models_origin(const ModelSet *set, TextId function) {
  const ModelEntry *entry = find_entry(set, function);
  return entry ? entry->origin : NULL;
}

Hash models_hash(const ModelSet *set) { return set->hash; }

static TextId type_kind(const ModelSet *set, const char *name) {
  TextId id = text_find(set->symbols, name);
  uint32_t found = id ? id_map_get(&set->type_of, id) : 0;
  return found ? set->types.at[found - 1].kind : 0;
}

const char **models_lock_types(const ModelSet *set, Arena *arena, size_t *count) {
  const char **names = arena_new_array(arena, const char *, set->types.count);
  *count = 0;
  for (size_t i = 0; i < set->types.count; i++)
    if (set->types.at[i].kind)
      names[(*count)++] = text_of(set->symbols, set->types.at[i].name);
  return names;
}

TextId models_lock_type(const ModelSet *set, const char *name) {
  for (bool more = true; more;) { // qualifiers say nothing
    more = false;
    for (size_t i = 0; i < 3; i++) {
      static const char *const qualifiers[] = {"const ", "volatile ", "_Atomic "};
      if (text_starts(name, qualifiers[i])) {
        name += strlen(qualifiers[i]);
        more = true;
      }
    }
  }
  char plain[256]; // "struct mutex#1f3a5c77" is "struct mutex"
  int length = snprintf(plain, sizeof plain, "%.*s", (int)strcspn(name, "#"), name);
  if (length >= (int)sizeof plain)
    return 0;
  TextId kind = type_kind(set, plain);
  return kind || !text_starts(plain, "struct ") ? kind : type_kind(set, plain + strlen("struct "));
}
