/* Helpers that do not lock themselves: all who call them while other threads are there hold it. */
// mechanism: race-held-on-entry
#include "list.h"

void list_changed_locked(struct list *list) {
  list->changes++;
  list->length += list->changes > 100;
}

void list_put(struct list *list) {
  pthread_mutex_lock(&list->lock);
  list->length++;
  list->changes++;
  list_changed_locked(list);
  pthread_mutex_unlock(&list->lock);
}

void list_drop(struct list *list) {
  pthread_mutex_lock(&list->lock);
  if (list->length > 0)
    list->length--;
  list->changes++;
  list_changed_locked(list);
  pthread_mutex_unlock(&list->lock);
}
