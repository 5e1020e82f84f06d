#include <pthread.h>

struct list {
  pthread_mutex_t lock;
  int length, changes;
};

void list_changed_locked(struct list *list); // its lock is held
void list_begin(struct list *list);
void list_put(struct list *list);
void list_drop(struct list *list);
void list_forget(struct list *list);
