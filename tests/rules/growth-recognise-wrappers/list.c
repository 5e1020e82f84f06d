/* Containers of the project's own, in a file that knows none of those who use them: what grows is told
 * by the call that names it. */
#include "list.h"
#include <stdlib.h>

void list_push(List *list, void *value) {
  struct item *item = malloc(sizeof *item);
  if (!item)
    abort();
  item->value = value;
  item->next = list->first;
  list->first = item;
  list->length++;
}

void *list_pop(List *list) {
  struct item *item = list->first;
  if (!item)
    return NULL;
  void *value = item->value;
  list->first = item->next;
  list->length--;
  free(item);
  return value;
}

static void vector_make_room(Vector *vector) {
  if (vector->count < vector->room)
    return;
  vector->room = vector->room ? vector->room * 2 : 8;
  vector->values = realloc(vector->values, vector->room * sizeof *vector->values);
  if (!vector->values)
    abort();
}

void vector_add(Vector *vector, void *value) {
  vector_make_room(vector);
  vector->values[vector->count++] = value;
}

void *vector_take_last(Vector *vector) {
  return vector->count ? vector->values[--vector->count] : NULL;
}

Vector *vector_new(void) {
  Vector *vector = calloc(1, sizeof *vector);
  if (!vector)
    abort();
  return vector;
}
