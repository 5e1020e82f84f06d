#include <pthread.h>

struct totals {
  long requests, failures;
};

extern struct totals totals;
extern pthread_mutex_t totals_lock;

void count_request(void);
void count_failure(struct totals *into);
