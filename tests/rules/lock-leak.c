/* lock-leak: the ordinary ways to forget a release, each beside the same code done right. */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>

struct account {
  pthread_mutex_t lock;
  long balance;
  bool frozen;
  struct account *next;
};

struct table {
  pthread_rwlock_t guard;
  struct account *first;
  size_t count;
};

static pthread_mutex_t journal_lock = PTHREAD_MUTEX_INITIALIZER;
static FILE *journal;
static pthread_spinlock_t counter_lock;
static unsigned long counter;
static mtx_t names_lock;
static char names[64][32];
static size_t name_count;

/* An early return. */
int withdraw_returns_early(struct account *from, long amount) {
  pthread_mutex_lock(&from->lock); // note: ""
  if (from->frozen)
    return -EPERM; // expect: lock-leak "from->lock"
  from->balance -= amount;
  pthread_mutex_unlock(&from->lock);
  return 0;
}

int withdraw(struct account *from, long amount) {
  pthread_mutex_lock(&from->lock);
  if (from->frozen) {
    pthread_mutex_unlock(&from->lock);
    return -EPERM;
  }
  from->balance -= amount;
  pthread_mutex_unlock(&from->lock);
  return 0;
}

/* The third of three error returns. */
int deposit_forgets_third_exit(struct account *to, long amount) {
  pthread_mutex_lock(&to->lock);
  if (to->frozen) {
    pthread_mutex_unlock(&to->lock);
    return -EPERM;
  }
  if (amount < 0) {
    pthread_mutex_unlock(&to->lock);
    return -EINVAL;
  }
  if (to->balance + amount < to->balance) {
    fprintf(stderr, "balance too large\n");
    return -ERANGE; // expect: lock-leak "to->lock"
  }
  to->balance += amount;
  pthread_mutex_unlock(&to->lock);
  return 0;
}

/* A goto to the label after the release. */
int journal_goes_past_release(const char *line) {
  int result = -1;
  pthread_mutex_lock(&journal_lock);
  if (!journal)
    goto out; // expect: lock-leak "journal_lock"
  if (fputs(line, journal) == EOF)
    goto unlock;
  result = 0;
unlock:
  pthread_mutex_unlock(&journal_lock);
out:
  return result;
}

int journal_write(const char *line) {
  int result = -1;
  if (!line)
    goto out;
  pthread_mutex_lock(&journal_lock);
  if (!journal)
    goto unlock;
  if (fputs(line, journal) == EOF)
    goto unlock;
  result = 0;
unlock:
  pthread_mutex_unlock(&journal_lock);
out:
  return result;
}

/* Out of a loop with the element's lock. */
bool contains_leaves_loop_by_break(struct account *list, long wanted) {
  bool found = false;
  for (struct account *account = list; account; account = account->next) {
    pthread_mutex_lock(&account->lock);
    if (account->balance == wanted) {
      found = true;
      break; // expect: lock-leak "account->lock"
    }
    pthread_mutex_unlock(&account->lock);
  }
  return found;
}

long sum_leaves_element_by_continue(struct account *list) {
  long sum = 0;
  for (struct account *account = list; account; account = account->next) {
    pthread_mutex_lock(&account->lock);
    if (account->frozen)
      continue; // expect: lock-leak "account->lock"
    sum += account->balance;
    pthread_mutex_unlock(&account->lock);
  }
  return sum;
}

/* Every round has a lock of its own: what one of them leaves behind is no contract, whoever calls. */
static void clear_leaves_element_of_array(struct account *accounts, int count) {
  for (int i = 0; i < count; i++) {
    pthread_mutex_lock(&accounts[i].lock);
    if (accounts[i].frozen)
      continue; // expect: lock-leak "accounts[i].lock"
    accounts[i].balance = 0;
    pthread_mutex_unlock(&accounts[i].lock);
  }
}

static void clear_array(struct account *accounts, int count) {
  for (int i = 0; i < count; i++) {
    pthread_mutex_lock(&accounts[i].lock);
    if (accounts[i].frozen) {
      pthread_mutex_unlock(&accounts[i].lock);
      continue;
    }
    accounts[i].balance = 0;
    pthread_mutex_unlock(&accounts[i].lock);
  }
}

void clear_twice(struct account *accounts) {
  clear_leaves_element_of_array(accounts, 4);
  clear_array(accounts, 4);
  clear_leaves_element_of_array(accounts + 4, 4);
}

long sum_of_unfrozen(struct account *list) {
  long sum = 0;
  for (struct account *account = list; account; account = account->next) {
    pthread_mutex_lock(&account->lock);
    if (account->frozen) {
      pthread_mutex_unlock(&account->lock);
      continue;
    }
    sum += account->balance;
    pthread_mutex_unlock(&account->lock);
  }
  return sum;
}

/* One arm of a switch. */
int classify_forgets_one_case(struct account *account, int kind) {
  int result;
  pthread_mutex_lock(&account->lock);
  switch (kind) {
  case 0:
    result = account->frozen;
    break;
  case 1:
    result = account->balance > 0;
    break;
  default:
    return -1; // expect: lock-leak "account->lock"
  }
  pthread_mutex_unlock(&account->lock);
  return result;
}

int classify(struct account *account, int kind) {
  int result = -1;
  pthread_mutex_lock(&account->lock);
  switch (kind) {
  case 0:
    result = account->frozen;
    break;
  case 1:
    result = account->balance > 0;
    break;
  default:
    break;
  }
  pthread_mutex_unlock(&account->lock);
  return result;
}

/* A lock for reading leaks like one for writing. */
size_t count_leaks_read_lock(struct table *table) {
  pthread_rwlock_rdlock(&table->guard);
  if (!table->first)
    return 0; // expect: lock-leak "table->guard"
  size_t count = table->count;
  pthread_rwlock_unlock(&table->guard);
  return count;
}

int insert_leaks_write_lock(struct table *table, long balance) {
  pthread_rwlock_wrlock(&table->guard);
  struct account *account = calloc(1, sizeof *account);
  if (!account) {
    perror("calloc");
    return -ENOMEM; // expect: lock-leak "table->guard"
  }
  pthread_mutex_init(&account->lock, NULL);
  account->balance = balance;
  account->next = table->first;
  table->first = account;
  table->count++;
  pthread_rwlock_unlock(&table->guard);
  return 0;
}

int insert(struct table *table, long balance) {
  struct account *account = calloc(1, sizeof *account);
  if (!account)
    return -ENOMEM;
  pthread_mutex_init(&account->lock, NULL);
  account->balance = balance;
  pthread_rwlock_wrlock(&table->guard);
  account->next = table->first;
  table->first = account;
  table->count++;
  pthread_rwlock_unlock(&table->guard);
  return 0;
}

/* Spin locks and C11 mutexes. */
unsigned long next_leaks_spin_lock(unsigned long limit) {
  pthread_spin_lock(&counter_lock);
  if (counter >= limit)
    return 0; // expect: lock-leak "counter_lock"
  unsigned long next = ++counter;
  pthread_spin_unlock(&counter_lock);
  return next;
}

int name_leaks_c11_mutex(const char *name) {
  if (mtx_lock(&names_lock) != thrd_success)
    return -1;
  if (name_count == sizeof names / sizeof *names)
    return -1; // expect: lock-leak "names_lock"
  snprintf(names[name_count++], sizeof *names, "%s", name);
  mtx_unlock(&names_lock);
  return 0;
}

int name_add(const char *name) {
  int result = -1;
  if (mtx_lock(&names_lock) != thrd_success)
    return -1;
  if (name_count < sizeof names / sizeof *names) {
    snprintf(names[name_count++], sizeof *names, "%s", name);
    result = 0;
  }
  mtx_unlock(&names_lock);
  return result;
}

/* A successful try is an acquire like any other; a failed one is none. */
int try_success_leaks(struct account *account) {
  if (pthread_mutex_trylock(&account->lock) != 0)
    return -EBUSY;
  if (account->frozen)
    return -EPERM; // expect: lock-leak "account->lock"
  account->balance = 0;
  pthread_mutex_unlock(&account->lock);
  return 0;
}

int try_and_release(struct account *account) {
  if (pthread_mutex_trylock(&account->lock) == 0) {
    account->balance = 0;
    pthread_mutex_unlock(&account->lock);
    return 0;
  }
  return -EBUSY;
}

int try_result_in_variable(struct account *account, const struct timespec *deadline) {
  int error = pthread_mutex_timedlock(&account->lock, deadline);
  if (error)
    return error;
  account->balance++;
  return pthread_mutex_unlock(&account->lock);
}

/* An error ladder with one rung too low. */
int open_ladder_skips_rung(struct table *table, const char *path) {
  char *buffer = malloc(4096);
  if (!buffer)
    return -ENOMEM;
  int result = -EIO;
  pthread_rwlock_wrlock(&table->guard);
  FILE *file = fopen(path, "r");
  if (!file)
    goto free_buffer; // expect: lock-leak "table->guard"
  if (!fgets(buffer, 4096, file))
    goto close_file;
  table->count = strtoul(buffer, NULL, 10);
  result = 0;
close_file:
  fclose(file);
  pthread_rwlock_unlock(&table->guard);
free_buffer:
  free(buffer);
  return result;
}

int open_ladder(struct table *table, const char *path) {
  char *buffer = malloc(4096);
  if (!buffer)
    return -ENOMEM;
  int result = -EIO;
  pthread_rwlock_wrlock(&table->guard);
  FILE *file = fopen(path, "r");
  if (!file)
    goto unlock;
  if (!fgets(buffer, 4096, file))
    goto close_file;
  table->count = strtoul(buffer, NULL, 10);
  result = 0;
close_file:
  fclose(file);
unlock:
  pthread_rwlock_unlock(&table->guard);
  free(buffer);
  return result;
}

/* Two locks, one of them forgotten. */
int transfer_forgets_second(struct account *from, struct account *to, long amount) {
  pthread_mutex_lock(&from->lock);
  pthread_mutex_lock(&to->lock);
  if (from->balance < amount) {
    pthread_mutex_unlock(&from->lock);
    return -1; // expect: lock-leak "to->lock"
  }
  from->balance -= amount;
  to->balance += amount;
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
  return 0;
}

/* The release is under a condition of its own. */
void log_releases_only_if_open(const char *line) {
  pthread_mutex_lock(&journal_lock);
  if (journal) {
    fputs(line, journal);
    pthread_mutex_unlock(&journal_lock);
  }
} // expect: lock-leak "journal_lock"

/* Leaving the thread with the lock. */
void *worker_ends_too_early(void *argument) {
  struct account *account = argument;
  for (;;) {
    pthread_mutex_lock(&account->lock);
    if (account->frozen)
      return NULL; // expect: lock-leak "->lock"
    account->balance++;
    pthread_mutex_unlock(&account->lock);
  }
}

void *worker_exits_too_early(void *argument) {
  struct account *account = argument;
  pthread_mutex_lock(&account->lock);
  if (account->balance == 0)
    pthread_exit(NULL); // expect: lock-leak "account->lock"
  account->balance--;
  pthread_mutex_unlock(&account->lock);
  return NULL;
}

void *worker(void *argument) {
  struct account *account = argument;
  bool frozen = false;
  while (!frozen) {
    pthread_mutex_lock(&account->lock);
    frozen = account->frozen;
    account->balance++;
    pthread_mutex_unlock(&account->lock);
  }
  return NULL;
}

int start_workers(struct account *account, pthread_t threads[3]) {
  int error = pthread_create(&threads[0], NULL, worker, account);
  if (!error)
    error = pthread_create(&threads[1], NULL, worker_ends_too_early, account);
  if (!error)
    error = pthread_create(&threads[2], NULL, worker_exits_too_early, account);
  return error;
}

/* A callee takes the lock; the caller has to give it back on each way out. */
static void account_enter(struct account *account) { pthread_mutex_lock(&account->lock); }
static void account_leave(struct account *account) { pthread_mutex_unlock(&account->lock); }

int close_leaks_through_wrapper(struct account *account) {
  account_enter(account);
  if (account->balance != 0)
    return -EBUSY; // expect: lock-leak "account->lock"
  account->frozen = true;
  account_leave(account);
  return 0;
}

int close_account(struct account *account) {
  int result = -EBUSY;
  account_enter(account);
  if (account->balance == 0) {
    account->frozen = true;
    result = 0;
  }
  account_leave(account);
  return result;
}

/* Leaving the process needs no release. */
void rotate_or_die(const char *path) {
  pthread_mutex_lock(&journal_lock);
  FILE *next = fopen(path, "a");
  if (!next) {
    perror(path);
    exit(1);
  }
  if (journal)
    fclose(journal);
  journal = next;
  pthread_mutex_unlock(&journal_lock);
}

/* Waiting gives the mutex back with the lock held again. */
static pthread_cond_t journal_opened = PTHREAD_COND_INITIALIZER;

void wait_until_open(void) {
  pthread_mutex_lock(&journal_lock);
  while (!journal)
    pthread_cond_wait(&journal_opened, &journal_lock);
  pthread_mutex_unlock(&journal_lock);
}

int wait_times_out_locked(const struct timespec *deadline) {
  pthread_mutex_lock(&journal_lock);
  while (!journal) {
    if (pthread_cond_timedwait(&journal_opened, &journal_lock, deadline) == ETIMEDOUT)
      return -ETIMEDOUT; // expect: lock-leak "journal_lock"
  }
  pthread_mutex_unlock(&journal_lock);
  return 0;
}
