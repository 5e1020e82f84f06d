#ifndef TABLES_H
#define TABLES_H

#include <stddef.h>

struct node {
  struct node *prev, *next;
  void *value;
};

typedef struct {
  struct node *head, *tail;
  void (*release)(void *value);
  unsigned long length;
} Chain;

#define chain_length(c) ((c)->length)
#define chain_first(c) ((c)->head)

struct pair {
  void *key;
  struct pair *next;
};

typedef struct {
  struct pair **tables[2];
  unsigned long used[2], mask[2];
  long moved; /* buckets of the first table that are in the second already, or -1 */
} Dict;

struct entry {
  struct entry *next;
  unsigned hash;
};

typedef struct {
  struct entry **buckets;
  unsigned room, count;
} Map;

Chain *chain_new(void);
void chain_add(Chain *chain, void *value);
void chain_cut(Chain *chain, struct node *node);
Dict *dict_new(void);
int dict_add(Dict *dict, void *key);
int dict_cut(Dict *dict, const void *key);
void map_add(Map *map, struct entry *entry);
struct entry *map_cut(Map *map, unsigned hash);

#endif
