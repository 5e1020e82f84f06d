/* Ways out that contradict each other are no contract: what callers do is judged as if the function
 * kept one. A lock that it takes itself is not the caller's, though on a way that may not exist it
 * releases what it has not taken; and what leaks on one way is no leak, and given back, on others.
 */
// mechanism: mended
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>

static pthread_mutex_t journal_lock = PTHREAD_MUTEX_INITIALIZER;
static int one_each;
static FILE *shared_stream;
static __thread FILE *own_stream;

void journal_set_one_each(int on) { one_each = on; }

/* Who has a stream of his own got it while there was one for each. */
static FILE *journal_begin(void) {
  FILE *stream = own_stream;
  if (stream)
    return stream;
  if (one_each)
    return own_stream = fopen("own", "w");
  pthread_mutex_lock(&journal_lock);
  stream = shared_stream;
  if (!stream)
    pthread_mutex_unlock(&journal_lock);
  return stream;
}

static void journal_end(FILE *stream) {
  fflush(stream);
  if (!one_each)
    pthread_mutex_unlock(&journal_lock);
}

static void journal(const char *line) {
  FILE *stream = journal_begin();
  if (stream) {
    fputs(line, stream);
    journal_end(stream);
  }
}

void journal_two(void) {
  journal("one"); // fact: -
  journal("two");
}

void journal_three(int more) {
  journal_two();
  if (more)
    journal("three");
}

void journal_with_lock(void) {
  pthread_mutex_lock(&journal_lock);
  shared_stream = NULL;
  pthread_mutex_unlock(&journal_lock);
  journal("none");
}

/* The twin: what the caller does by itself is judged all the same. */
int journal_reset(FILE *stream) {
  pthread_mutex_lock(&journal_lock);
  journal("reset");
  if (shared_stream == stream)
    return -1; // expect: lock-leak "journal_lock"
  shared_stream = stream;
  pthread_mutex_unlock(&journal_lock);
  return 0;
}

struct account {
  pthread_mutex_t lock;
  int balance, closed;
};

/* One failure gives the lock back and the other does not; success holds it. */
static int account_open(struct account *account) {
  pthread_mutex_lock(&account->lock);
  if (account->closed)
    return -1; // expect: lock-leak "account->lock"
  if (account->balance < 0) {
    pthread_mutex_unlock(&account->lock);
    return -1;
  }
  return 0;
}

int account_add(struct account *account, int sum) {
  if (account_open(account) < 0)
    return -1;
  account->balance += sum;
  pthread_mutex_unlock(&account->lock);
  return 0;
}

/* The twin: success is kept, too. */
int account_draw(struct account *account, int sum) {
  if (account_open(account) < 0)
    return -1;
  if (account->balance < sum)
    return 1; // expect: lock-leak "account->lock"
  account->balance -= sum;
  pthread_mutex_unlock(&account->lock);
  return 0;
}
