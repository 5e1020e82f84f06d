/* Containers as servers write them for themselves: behind a pointer, with a length; a table of two
 * halves that is made larger bit by bit; one whose place is found by a function of its own. */
#include "tables.h"
#include <stdint.h>
#include <stdlib.h>

static void *get(size_t size) {
  void *block = calloc(1, size);
  if (!block)
    abort();
  return block;
}

Chain *chain_new(void) { return get(sizeof(Chain)); }

void chain_add(Chain *chain, void *value) {
  struct node *node = get(sizeof *node);
  node->value = value;
  if (chain->length == 0) {
    chain->head = chain->tail = node;
    node->prev = node->next = NULL;
  } else {
    node->prev = chain->tail;
    node->next = NULL;
    chain->tail->next = node;
    chain->tail = node;
  }
  chain->length++;
}

void chain_cut(Chain *chain, struct node *node) {
  if (node->prev)
    node->prev->next = node->next;
  else
    chain->head = node->next;
  if (node->next)
    node->next->prev = node->prev;
  else
    chain->tail = node->prev;
  if (chain->release)
    chain->release(node->value);
  free(node);
  chain->length--;
}

Dict *dict_new(void) {
  Dict *dict = get(sizeof *dict);
  dict->moved = -1;
  dict->mask[0] = 15;
  dict->tables[0] = get(16 * sizeof *dict->tables[0]);
  return dict;
}

static void dict_move_bucket(Dict *dict) {
  struct pair *pair = dict->tables[0][dict->moved], *next;
  for (; pair; pair = next) {
    unsigned long at = (uintptr_t)pair->key & dict->mask[1];
    next = pair->next;
    pair->next = dict->tables[1][at];
    dict->tables[1][at] = pair;
    dict->used[0]--;
    dict->used[1]++;
  }
  dict->tables[0][dict->moved++] = NULL;
}

int dict_add(Dict *dict, void *key) {
  if (dict->moved >= 0)
    dict_move_bucket(dict);
  int half = dict->moved >= 0;
  unsigned long at = (uintptr_t)key & dict->mask[half];
  for (struct pair *pair = dict->tables[half][at]; pair; pair = pair->next)
    if (pair->key == key)
      return -1;
  struct pair *pair = get(sizeof *pair);
  pair->key = key;
  pair->next = dict->tables[half][at];
  dict->tables[half][at] = pair;
  dict->used[half]++;
  return 0;
}

int dict_cut(Dict *dict, const void *key) {
  for (int half = 0; half < 2; half++) {
    unsigned long at = (uintptr_t)key & dict->mask[half];
    struct pair *before = NULL;
    for (struct pair *pair = dict->tables[half][at]; pair; before = pair, pair = pair->next) {
      if (pair->key != key)
        continue;
      if (before)
        before->next = pair->next;
      else
        dict->tables[half][at] = pair->next;
      free(pair);
      dict->used[half]--;
      return 0;
    }
    if (dict->moved < 0)
      break;
  }
  return -1;
}

static struct entry **map_place(const Map *map, unsigned hash) {
  struct entry **place = &map->buckets[hash % map->room];
  while (*place && (*place)->hash != hash)
    place = &(*place)->next;
  return place;
}

void map_add(Map *map, struct entry *entry) {
  if (!map->buckets) {
    map->room = 64;
    map->buckets = get(map->room * sizeof *map->buckets);
  }
  unsigned at = entry->hash % map->room;
  entry->next = map->buckets[at];
  map->buckets[at] = entry;
  map->count++;
}

struct entry *map_cut(Map *map, unsigned hash) {
  struct entry **place, *old;
  if (!map->buckets)
    return NULL;
  place = map_place(map, hash);
  if (!*place)
    return NULL;
  old = *place;
  *place = old->next;
  old->next = NULL;
  map->count--;
  return old;
}
