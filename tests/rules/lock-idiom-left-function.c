/* A lock that is held beyond the call that takes it: what gives it back is left, as a function to be
 * called at the end, in the object that the call is about. */
// mechanism: left-function
#include <pthread.h>
#include <stdlib.h>

struct query {
  void *transfer;
  void (*cleanup)(struct query *);
  int kind, refused;
};

int sends_more(void *transfer);

static pthread_rwlock_t zones = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t journals = PTHREAD_RWLOCK_INITIALIZER;

static void end_transfer(struct query *query) {
  free(query->transfer);
  query->transfer = NULL;
  pthread_rwlock_unlock(&zones);
}

static int begin_transfer(struct query *query) {
  if (query->refused)
    return -1;
  query->transfer = malloc(64);
  if (!query->transfer)
    return -2;
  query->cleanup = end_transfer;
  pthread_rwlock_rdlock(&zones);
  return 0;
}

/* Its ways out contradict each other, but for what is left in the query. */
static int transfer(struct query *query) {
  if (!query->transfer && begin_transfer(query))
    return 4;
  return sends_more(query->transfer) ? 4 : 1;
}

/* Likewise, and it knows nothing of how a transfer ends. */
static int serves(struct query *query) {
  int state = 1;
  while (state == 1)
    state = query->kind == 252 ? transfer(query) : 4;
  return state;
}

/* The function that is left gives nothing back. */
static void forget_journal(struct query *query) {
  free(query->transfer);
  query->transfer = NULL;
}

static int begin_journal(struct query *query) {
  if (query->refused)
    return -1;
  query->transfer = malloc(64);
  if (!query->transfer)
    return -2;
  query->cleanup = forget_journal;
  pthread_rwlock_rdlock(&journals); // note: "acquired here"
  return 0;
}

static int reads_journal(struct query *query) {
  if (!query->transfer && begin_journal(query))
    return 4;
  return sends_more(query->transfer) ? 4 : 1; // expect: lock-leak@likely "'journals' is still held"
}

void answer(struct query *query) {
  int state = query->kind == 251 ? reads_journal(query) : serves(query);
  if (query->cleanup && state == 4)
    query->cleanup(query);
}
