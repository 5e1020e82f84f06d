/* containers.c - see containers.h. */
#include "growth/containers.h"

#include <string.h>

#include "base/guard.h"
#include "growth/rows.h"

/* ---- what concerns a container */

typedef struct {
  bool is_array;
  ARRAY(uint32_t) growths;
  ARRAY(uint32_t) removals;
  ARRAY(uint32_t) resets;
  ARRAY(uint32_t) doubtful;
  ARRAY(uint32_t) readers;
  bool resized;
  bool is_elsewhere; // known by other names, too
} Gathering;

/* A path whose root is not known ends as the container's does. */
static bool is_end_of(const Search *x, PathId end, PathId key) {
  while (path_at(x->paths, end)->kind == PATH_FIELD) {
    const PathNode *a = path_at(x->paths, end), *b = path_at(x->paths, key);
    if (b->kind != PATH_FIELD || a->number != b->number)
      return false;
    end = a->parent;
    key = b->parent;
  }
  return true;
}

/* It is counted down because all of it is freed. */
static bool is_freed_whole(const Search *x, uint32_t effect) {
  for (uint32_t at = effect; at != NO_EFFECT; at = x->effects->at[at].inner) {
    PathId record = path_at(x->paths, touch_of(x, at)->path)->parent;
    uint32_t function = x->effects->at[at].function;
    for (uint32_t i = x->effects->first[function]; i < x->effects->last[function]; i++)
      if (touch_of(x, i)->kind == TOUCH_FREES && touch_of(x, i)->path == record)
        return true;
  }
  return false;
}

static void take(Gathering *g, const Search *x, uint32_t effect) {
  switch ((TouchKind)touch_of(x, effect)->kind) {
  case TOUCH_GROWS:
    if (!(touch_of(x, effect)->flags & TOUCH_WHEN_EMPTY))
      array_push(&g->growths, effect);
    break;
  case TOUCH_SHRINKS:
    array_push(&g->removals, effect);
    break;
  case TOUCH_COUNTS_DOWN: // of what is linked the links tell
    if (g->is_array && is_freed_whole(x, effect))
      array_push(&g->resets, effect);
    else if (g->is_array)
      array_push(&g->removals, effect);
    break;
  case TOUCH_RESETS:
    if (!(touch_of(x, effect)->flags & TOUCH_WHEN_EMPTY) &&
        (g->is_array || !(touch_of(x, effect)->flags & TOUCH_OF_NUMBER)))
      array_push(&g->resets, effect);
    break;
  case TOUCH_READS:
    array_push(&g->readers, effect);
    break;
  case TOUCH_RESIZES:
    g->resized = true;
    break;
  default:
    break;
  }
}

/* Is it given by who calls, and do all of them say what it is? Then their effects tell. */
static bool is_told_by_callers(const Search *x, const Row *row) {
  const ProgramFunction *function = &x->program->functions[x->effects->at[row->effect].function];
  bool all = root_kind(x, row->key) == PATH_PARAMETER ||
             (touch_of(x, row->effect)->kind == TOUCH_SHRINKS &&
              x->tellers[row->effect] == function->caller_count);
  return all && function->caller_count && !function->address_taken;
}

/* Something is put in by this name. */
static bool is_grown(const Search *x, PathId any) {
  for (PathId key = leader(x, any); key; key = x->next_key[key])
    for (uint32_t i = x->by_key[key]; i; i = x->rows.at[i - 1].next_of_key)
      if (touch_of(x, x->rows.at[i - 1].effect)->kind == TOUCH_GROWS)
        return true;
  return false;
}

static uint32_t pointers_on(const Search *x, PathId path) {
  uint32_t count = 0;
  for (; path; path = path_at(x->paths, path)->parent)
    count += path_at(x->paths, path)->kind == PATH_TARGET;
  return count;
}

static bool is_kept(const Search *x, PathId key) {
  for (PathId at = path_at(x->paths, key)->parent; at; at = path_at(x->paths, at)->parent)
    if (x->is_kept[at])
      return true;
  return false;
}

/* It, or what it is a part of, is known by other names, too: by a pointer that is stored twice, or
 * because it is a part of objects that are anywhere. */
static bool is_elsewhere(const Search *x, PathId any) {
  for (PathId key = leader(x, any); key; key = x->next_key[key]) {
    if (is_kept(x, key))
      return true;
    for (uint32_t i = x->by_key[key]; i; i = x->rows.at[i - 1].next_of_key)
      if (pointers_on(x, touch_of(x, x->rows.at[i - 1].effect)->path) > 1)
        return true;
  }
  return !guard_on("growth-kept");
}

static void gather_key(Gathering *g, const Search *x, PathId key) {
  for (uint32_t i = x->by_key[key]; i; i = x->rows.at[i - 1].next_of_key) {
    const Row *row = &x->rows.at[i - 1];
    bool is_told = root_kind(x, key) == PATH_GLOBAL && is_told_by_callers(x, row);
    if (!(touch_of(x, row->effect)->flags & TOUCH_OF_ELEMENT) && !is_told)
      take(g, x, row->effect);
  }

  const PathNode *node = path_at(x->paths, key);
  if (node->kind != PATH_FIELD)
    return;
  for (uint32_t i = x->by_field[node->number]; i; i = x->rows.at[i - 1].next_of_field) {
    const Row *row = &x->rows.at[i - 1];
    if (!is_end_of(x, row->key, key) || is_told_by_callers(x, row))
      continue;
    TouchKind kind = (TouchKind)touch_of(x, row->effect)->kind;
    bool is_doubted = row->named && is_kept(x, key) && leader(x, row->named) != leader(x, key) &&
                      !is_grown(x, row->named) && !is_another_that_grows(x, row->named, key);
    bool is_common = x->is_common[node->owner];
    if (row->named ? !is_doubted : is_common && !g->is_elsewhere)
      continue;
    if ((row->named || is_common) && is_freed_whole(x, row->effect))
      continue; // somebody's list that ends, and not one that goes on
    bool counts = kind == TOUCH_COUNTS_DOWN && g->is_array;
    bool takes = kind == TOUCH_SHRINKS || kind == TOUCH_RESETS || counts;
    if (is_doubted || (is_common && takes))
      array_push(&g->doubtful, row->effect);
    else
      take(g, x, row->effect);
  }
}

static bool is_array(const Search *x, PathId any) {
  bool array = false;
  for (PathId key = leader(x, any); key; key = x->next_key[key])
    for (uint32_t i = x->by_key[key]; i; i = x->rows.at[i - 1].next_of_key) {
      const Touch *touch = touch_of(x, x->rows.at[i - 1].effect);
      if (touch->kind == TOUCH_GROWS && !(touch->flags & TOUCH_ARRAY))
        return false; // elements are linked
      array |= touch->kind == TOUCH_GROWS;
    }
  return array;
}

/* Nothing else in the program has elements that are linked by this member. */
static bool links_only(const Search *x, TextId member, PathId key) {
  for (uint32_t i = x->growing_by_member[member]; i; i = x->growing.at[i - 1].next_of_member) {
    const Row *row = &x->rows.at[x->growing.at[i - 1].row];
    if (root_kind(x, row->key) == PATH_GLOBAL && leader(x, row->key) != leader(x, key))
      return false;
  }
  return true;
}

/* Elements that are taken out by who knows only them, or through another name of the container. */
static void gather_member(Gathering *g, const Search *x, TextId member, PathId key) {
  bool only = links_only(x, member, key);
  for (uint32_t i = member ? x->by_member[member] : 0; i; i = x->rows.at[i - 1].next_of_member) {
    const Row *row = &x->rows.at[i - 1];
    bool other = root_kind(x, row->key) == PATH_GLOBAL && leader(x, row->key) != leader(x, key) &&
                 is_grown(x, row->key) && !only &&
                 !(path_at(x->paths, key)->kind == PATH_FIELD && are_siblings(x, row->key, key));
    bool elsewhere = !only && root_kind(x, row->key) != PATH_GLOBAL &&
                     path_at(x->paths, row->key)->kind == PATH_FIELD &&
                     path_at(x->paths, row->key)->number != member && !is_end_of(x, row->key, key);
    bool is_embedded = path_at(x->paths, touch_of(x, row->effect)->other)->number != member;
    if (other || elsewhere || is_told_by_callers(x, row))
      continue;
    if (only || is_embedded) // a node of a list for anything may be in any list
      array_push(&g->removals, row->effect);
    else
      array_push(&g->doubtful, row->effect);
  }
}

/* What is counted down before the function is done counts something else. */
static bool is_counted_down(const Search *x, uint32_t function, PathId key) {
  for (uint32_t i = key < x->path_count ? x->by_key[key] : 0; i; i = x->rows.at[i - 1].next_of_key)
    if (touch_of(x, x->rows.at[i - 1].effect)->kind == TOUCH_COUNTS_DOWN &&
        x->effects->at[x->rows.at[i - 1].effect].function == function)
      return true;
  return false;
}

static bool is_size_guarded(const Search *x, const GrowthEffect *effect, PathId key) {
  for (uint32_t i = 0; i < GUARDS && effect->guards[i]; i++) {
    PathId guard = path_key(x->paths, effect->guards[i]);
    bool concerns = leader(x, guard) == leader(x, key) || path_starts(x->paths, key, guard);
    if (concerns && !is_counted_down(x, effect->function, guard))
      return true;
  }
  return false;
}

static TextId element_of(const Search *x, PathId link) {
  TextId member = path_member(x->paths, link);
  if (!member)
    return 0;
  const char *key = text_of(x->program->symbols, member), *dot = strrchr(key, '.');
  return dot ? text_intern_n(x->program->symbols, key, (size_t)(dot - key)) : 0;
}

/* The pointer gets another object, which is a new one, or was somewhere else. */
static bool is_replaced(const Touch *touch) {
  return touch->kind == TOUCH_RESETS && !(touch->flags & (TOUCH_WHEN_EMPTY | TOUCH_TO_STATIC));
}

/* A pointer on the way to it, that is one of many: the head of a list, or what comes and goes. */
static void find_owners(Search *x, PathId path, Container *container) {
  ARRAY(uint32_t) owners = {0};
  for (; path; path = path_at(x->paths, path)->parent) {
    const PathNode *node = path_at(x->paths, path);
    PathId pointer = node->kind == PATH_TARGET ? path_key(x->paths, node->parent) : 0;
    if (!pointer || pointer >= x->path_count)
      continue;
    container->is_owned_by_element |= is_grown(x, pointer);
    for (uint32_t i = x->by_key[pointer]; i; i = x->rows.at[i - 1].next_of_key)
      if (is_replaced(touch_of(x, x->rows.at[i - 1].effect)))
        array_push(&owners, x->rows.at[i - 1].effect);
  }
  container->owners = arena_copy(x->arena, owners.at, sizeof(uint32_t) * owners.count);
  container->owner_count = (uint32_t)owners.count;
  array_free(&owners);
}

/* The array is a part of a record with a number in it that is made smaller, or zero: that may be
 * how many elements there are. */
static void gather_counts(Gathering *g, const Search *x, PathId key) {
  PathId whole = path_at(x->paths, key)->parent;
  for (uint32_t i = whole ? x->lessening[whole] : 0; i; i = x->rows.at[i - 1].next_lessening)
    take(g, x, x->rows.at[i - 1].effect);
}

/* A pointer to the first element, a count, or a record of links that is a variable of its own or is
 * made to point to itself: else it may be an element that is put in elsewhere. */
static bool is_head(const Search *x, PathId any) {
  for (PathId key = leader(x, any); key; key = x->next_key[key]) {
    const PathNode *node = path_at(x->paths, key);
    if (node->pointee || node->kind == PATH_GLOBAL ||
        (node->kind == PATH_FIELD && x->begins[node->number]))
      return true;
    for (uint32_t i = x->by_key[key]; i; i = x->rows.at[i - 1].next_of_key) {
      const Touch *touch = touch_of(x, x->rows.at[i - 1].effect);
      if (touch->kind == TOUCH_RESETS || touch->flags & (TOUCH_ARRAY | TOUCH_BY_LIBRARY))
        return true;
    }
  }
  return false;
}

/* It is put into something else itself. */
static bool is_element(const Search *x, PathId key) {
  for (uint32_t i = x->growing_of[key]; i; i = x->growing.at[i - 1].next_of)
    if (leader(x, x->rows.at[x->growing.at[i - 1].row].key) != leader(x, key))
      return true;
  return false;
}

static bool gather(Search *x, PathId first, Container *container) {
  Gathering g = {0};
  container->is_guarded = true;
  g.is_array = container->is_array = is_array(x, first);
  g.is_elsewhere = is_elsewhere(x, first);
  for (PathId key = first; key; key = x->next_key[key])
    gather_key(&g, x, key);
  for (size_t i = 0; i < g.growths.count; i++) {
    const GrowthEffect *effect = &x->effects->at[g.growths.at[i]];
    container->is_counted |= (effect->touch.flags & TOUCH_COUNTED) != 0;
    container->is_guarded &= is_size_guarded(x, effect, first);
    TextId member = path_member(x->paths, effect->touch.other);
    if (x->noted[member] != first)
      gather_member(&g, x, member, first);
    x->noted[member] = first;
    if (member && !container->element) {
      container->element = element_of(x, effect->touch.other);
      container->member = text_of(x->program->symbols, member);
    }
  }
  container->growths = arena_copy(x->arena, g.growths.at, sizeof(uint32_t) * g.growths.count);
  container->growth_count = (uint32_t)g.growths.count;
  container->removals = arena_copy(x->arena, g.removals.at, sizeof(uint32_t) * g.removals.count);
  container->removal_count = (uint32_t)g.removals.count;
  container->resets = arena_copy(x->arena, g.resets.at, sizeof(uint32_t) * g.resets.count);
  container->reset_count = (uint32_t)g.resets.count;
  container->doubtful = arena_copy(x->arena, g.doubtful.at, sizeof(uint32_t) * g.doubtful.count);
  container->doubtful_count = (uint32_t)g.doubtful.count;
  container->readers = arena_copy(x->arena, g.readers.at, sizeof(uint32_t) * g.readers.count);
  container->reader_count = (uint32_t)g.readers.count;
  for (PathId key = first; key && container->is_array; key = x->next_key[key])
    gather_counts(&g, x, key);
  if (g.growths.count)
    find_owners(x, touch_of(x, g.growths.at[0])->path, container);
  bool grows = g.growths.count && is_head(x, first) && !is_element(x, first) &&
               (!container->is_array || g.resized || container->is_counted);
  array_free(&g.growths);
  array_free(&g.removals);
  array_free(&g.resets);
  array_free(&g.doubtful);
  array_free(&g.readers);
  return grows;
}

static void name_it(const Search *x, PathId first, Container *container) {
  const GrowthEffect *effect = &x->effects->at[container->growths[0]];
  for (uint32_t i = 0; i < container->growth_count; i++) // the head, not the count
    if (path_key(x->paths, touch_of(x, container->growths[i])->path) == first)
      effect = &x->effects->at[container->growths[i]];
  PathId path = effect->touch.path;
  bool is_handed = effect->inner != NO_EFFECT;
  if (container->is_counted) // what has the count
    path = path_at(x->paths, path)->parent;
  container->name = path_in_words(x->arena, x->paths, x->program->symbols,
                                  path_named(x->paths, x->program->symbols, path, is_handed));
  PathId root = path_first(x->paths, path),
         named = path_named(x->paths, x->program->symbols, path, is_handed);
  if (path_at(x->paths, named)->kind == PATH_FIELD)
    container->field = path_at(x->paths, named)->number;
  container->root = text_of(x->program->symbols, path_at(x->paths, root)->number);
  container->is_of_result = strstr(container->root, RESULT_OF_MAIN) != NULL;
}

/* ---- all of them */

static bool concerns_container(const Touch *touch) {
  return touch->kind != TOUCH_LINKS && touch->kind != TOUCH_FREES && touch->kind != TOUCH_RETURNS &&
         touch->kind != TOUCH_GIVES_AWAY && touch->kind != TOUCH_MOVES &&
         touch->kind != TOUCH_KEEPS && !(touch->flags & TOUCH_BY_RESULT);
}

Container *containers_find(Arena *arena, const Program *program, PathTable *paths,
                           const GrowthEffects *effects, uint32_t *count) {
  Search x = {.arena = arena, .program = program, .paths = paths, .effects = effects};
  for (uint32_t f = 0; f < program->function_count; f++)
    for (uint32_t i = effects->first[f]; i < effects->last[f]; i++)
      if (concerns_container(&effects->at[i].touch))
        add_row(&x, i);
  index_rows(&x);
  list_rows(&x);
  unite_keys(&x);
  find_common_records(&x);
  find_beginnings(&x);
  find_kept(&x);
  find_tellers(&x);

  find_fed(&x);
  bool *grown = arena_new_array(arena, bool, x.path_count);
  uint32_t limit = 0;
  for (size_t i = 0; i < x.rows.count; i++)
    if (touch_of(&x, x.rows.at[i].effect)->kind == TOUCH_GROWS &&
        root_kind(&x, x.rows.at[i].key) == PATH_GLOBAL) {
      PathId first = leader(&x, x.rows.at[i].key);
      limit += !grown[first];
      grown[first] = true;
    }
  Container *found = arena_new_array(arena, Container, limit);
  *count = 0;
  for (PathId key = 1; key < x.path_count; key++)
    if (grown[key]) {
      found[*count] = (Container){.member = ""};
      if (gather(&x, key, &found[*count]))
        name_it(&x, key, &found[(*count)++]);
    }
  array_free(&x.rows);
  array_free(&x.growing);
  hash_map_free(&x.fed);
  return found;
}
