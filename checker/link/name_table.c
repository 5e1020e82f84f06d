/* name_table.c - see name_table.h */
#include "link/name_table.h"

#include <string.h>

NameEntry *name_find(const NameTable *table, TextId symbol) {
  return symbol < table->room ? table->by_text[symbol] : NULL;
}

static void make_room(NameTable *table, TextId symbol) {
  uint32_t room = symbol + symbol / 4 + 256;
  table->by_text = memory_resize(table->by_text, sizeof *table->by_text * room);
  memset(table->by_text + table->room, 0, sizeof *table->by_text * (room - table->room));
  table->room = room;
}

NameEntry *name_entry(NameTable *table, TextId symbol) {
  NameEntry *entry = name_find(table, symbol);
  if (entry)
    return entry;
  if (symbol >= table->room)
    make_room(table, symbol);
  entry = memory_resize(NULL, sizeof *entry);
  *entry = (NameEntry){.symbol = symbol};
  array_push(&table->entries, entry);
  table->by_text[symbol] = entry;
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
  for (size_t i = 0; i < table->entries.count; i++) {
    array_free(&table->entries.at[i]->ids);
    memory_free(table->entries.at[i]);
  }
  array_free(&table->entries);
  memory_free(table->by_text);
  *table = (NameTable){0};
}
