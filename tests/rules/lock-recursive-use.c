/* A recursive lock that a callee takes and gives back may well be held by the caller's caller: to
 * release it afterwards is to give back that one. With a plain lock the callee would have waited for
 * ever, so there it is a slip. */
// mechanism: recursive-use
#include <pthread.h>

extern void rcu_read_lock(void);
extern void rcu_read_unlock(void);

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
int entries, readers;

static int count_readers(void) {
  rcu_read_lock();
  int count = readers; // fact: -
  rcu_read_unlock();
  return count;
}

static int leave(void) {
  int count = count_readers();
  rcu_read_unlock();
  return count;
}

int visit(int depth) {
  rcu_read_lock();
  if (depth)
    entries++;
  return leave();
}

static int count_entries(void) {
  pthread_mutex_lock(&table_lock);
  int count = entries;
  pthread_mutex_unlock(&table_lock);
  return count;
}

int leave_plain(void) {
  int count = count_entries();
  pthread_mutex_unlock(&table_lock); // expect: lock-unheld "table_lock"
  return count;
}
