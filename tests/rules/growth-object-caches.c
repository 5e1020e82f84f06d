/* Caches that belong to objects of which there are several: what is looked for and not found is put
 * in, by a function of a library that is given the object. Where no function takes anything out of
 * a table of that type, it has no end before the object has. */
// run: --min-confidence info
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct value {
  char bytes[100];
};

/* ---- open addressing */

struct table {
  uint32_t room, used;
  uint64_t *keys;
  struct value **values;
};

static struct value *table_get(const struct table *table, uint64_t key) {
  if (!table->room)
    return NULL;
  uint32_t at = (uint32_t)(key * 2654435761u) & (table->room - 1);
  while (table->values[at] && table->keys[at] != key)
    at = (at + 1) & (table->room - 1);
  return table->values[at];
}

static void table_extend(struct table *table) {
  uint32_t room = table->room ? table->room * 2 : 16;
  table->keys = realloc(table->keys, room * sizeof *table->keys);
  table->values = realloc(table->values, room * sizeof *table->values);
  if (!table->keys || !table->values)
    abort();
  memset(table->values + table->room, 0, (room - table->room) * sizeof *table->values);
  table->room = room;
}

static uint32_t table_put(struct table *table, uint64_t key, struct value *value) {
  if (table->used * 2 >= table->room)
    table_extend(table);
  uint32_t at = table->room, place = (uint32_t)(key * 2654435761u) & (table->room - 1);
  while (table->values[place])
    place = (place + 1) & (table->room - 1);
  if (at == table->room)
    at = place;
  table->keys[at] = key;
  table->values[at] = value;
  table->used++;
  return at;
}

struct file {
  int descriptor;
  struct table *cache;
};

static struct value *value_read(struct file *file, uint64_t offset) {
  struct value *value = calloc(1, sizeof *value);
  if (!value)
    abort();
  value->bytes[0] = (char)(file->descriptor + (int)offset);
  return value;
}

struct value *file_value(struct file *file, uint64_t offset) {
  struct value *value = table_get(file->cache, offset);
  if (value)
    return value;
  value = value_read(file, offset);
  table_put(file->cache, offset, value); // expect: growth-unbounded@possible "of a 'struct file'"
  return value;
}

void file_close(struct file *file) {
  for (uint32_t i = 0; i < file->cache->room; i++)
    free(file->cache->values[i]);
  free(file->cache->keys);
  free(file->cache->values);
  free(file->cache);
  free(file);
}

/* ---- the same, with an end */

struct small_table {
  uint32_t room, used;
  uint64_t *keys;
  struct value **values;
};

static struct value *small_get(const struct small_table *table, uint64_t key) {
  if (!table->room)
    return NULL;
  uint32_t at = (uint32_t)(key * 2654435761u) & (table->room - 1);
  while (table->values[at] && table->keys[at] != key)
    at = (at + 1) & (table->room - 1);
  return table->values[at];
}

static void small_extend(struct small_table *table) {
  uint32_t room = table->room ? table->room * 2 : 16;
  table->keys = realloc(table->keys, room * sizeof *table->keys);
  table->values = realloc(table->values, room * sizeof *table->values);
  if (!table->keys || !table->values)
    abort();
  memset(table->values + table->room, 0, (room - table->room) * sizeof *table->values);
  table->room = room;
}

static void small_put(struct small_table *table, uint64_t key, struct value *value) {
  if (table->used * 2 >= table->room)
    small_extend(table);
  uint32_t at = table->room, place = (uint32_t)(key * 2654435761u) & (table->room - 1);
  while (table->values[place])
    place = (place + 1) & (table->room - 1);
  if (at == table->room)
    at = place;
  table->keys[at] = key;
  table->values[at] = value;
  table->used++;
}

static void small_drop(struct small_table *table, uint32_t at) {
  free(table->values[at]);
  table->values[at] = NULL;
  table->used--;
}

struct page {
  int number;
  struct small_table *cache;
};

struct value *page_value(struct page *page, uint64_t offset) {
  struct value *value = small_get(page->cache, offset);
  if (value)
    return value;
  if (page->cache->used > 100)
    small_drop(page->cache, (uint32_t)offset & (page->cache->room - 1));
  value = calloc(1, sizeof *value);
  small_put(page->cache, offset, value);
  return value;
}

/* ---- no cache: whoever has the list wants all of it */

struct list {
  uint32_t room, used;
  struct value **values;
};

struct builder {
  const char *name;
  struct list *list;
};

void builder_add(struct builder *builder, struct value *value) {
  struct list *list = builder->list;
  if (list->used == list->room) {
    list->room = list->room ? list->room * 2 : 16;
    list->values = realloc(list->values, list->room * sizeof *list->values);
    if (!list->values)
      abort();
  }
  list->values[list->used++] = value;
}
