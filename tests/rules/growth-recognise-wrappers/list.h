#ifndef LIST_H
#define LIST_H

#include <stddef.h>

struct item {
  void *value;
  struct item *next;
};

typedef struct {
  struct item *first;
  size_t length;
} List;

typedef struct {
  void **values;
  size_t count, room;
} Vector;

void list_push(List *list, void *value);
void *list_pop(List *list);
void vector_add(Vector *vector, void *value);
void *vector_take_last(Vector *vector);
Vector *vector_new(void);

#endif
