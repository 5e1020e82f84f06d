/* name_table.c - see name_table.h */
#include "link/name_table.h"

NameEntry *name_find(const NameTable *table, TextId symbol) {
  NameEntry *entry = NULL;
  HASH_FIND(hh, table->entries, &symbol, sizeof symbol, entry);
  return entry;
}

NameEntry *name_entry(NameTable *table, TextId symbol) {
  NameEntry *entry = name_find(table, symbol);
  if (entry)
    return entry;
  entry = memory_resize(NULL, sizeof *entry);
  *entry = (NameEntry){.symbol = symbol};
  HASH_ADD(hh, table->entries, symbol, sizeof symbol, entry);
  return entry;
}

void name_add(NameTable *table, TextId symbol, uint32_t id) {
  NameEntry *entry = name_entry(table, symbol);
  for (size_t i = 0; i < entry->ids.count; i++)
    if (entry->ids.at[i] == id)
      return;
  array_push(&entry->ids, id);
}

void name_table_free(NameTable *table) {
  NameEntry *entry, *next;
  HASH_ITER(hh, table->entries, entry, next) {
    HASH_DEL(table->entries, entry);
    array_free(&entry->ids);
    memory_free(entry);
  }
}
