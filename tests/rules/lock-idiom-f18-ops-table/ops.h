/* A table of operations, two implementations of it, and users that only know the table. */
#include <pthread.h>
#include <stdbool.h>

struct cq;

struct lock_ops {
  void (*lock)(struct cq *cq);
  void (*unlock)(struct cq *cq);
  int (*poll)(struct cq *cq);
};

struct cq {
  const struct lock_ops *ops;
  pthread_mutex_t mutex;
  int produced, consumed;
};

extern const struct lock_ops mutex_ops;
