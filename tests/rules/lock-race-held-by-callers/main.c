#include <stdlib.h>
// run: --min-confidence possible

#include "list.h"

static struct list *the_list;

/* The lock is made with the list: nobody else can use either. */
void list_begin(struct list *list) {
  pthread_mutex_init(&list->lock, NULL);
  list->length = 0;
  list->changes = 1;
}

void list_forget(struct list *list) {
  list->changes -= 2; // expect: lock-race@possible "'list->changes' is written here without 'struct list.lock'"
}

static void *work(void *arg) {
  for (int i = 0; i < 10; i++) {
    list_put(the_list);
    list_drop(the_list);
  }
  list_forget(the_list);
  return arg;
}

int main(void) {
  pthread_t threads[2];
  the_list = malloc(sizeof *the_list);
  if (!the_list)
    return 1;
  list_begin(the_list);
  list_changed_locked(the_list); // nobody else is there yet
  for (int i = 0; i < 2; i++)
    pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 2; i++)
    pthread_join(threads[i], NULL);
  return the_list->length;
}
