/* Any two of an array, by numbers that calls return; and the elements of a ring, each with the next.
 */
// run: --min-confidence likely
#include <pthread.h>
#include <stdlib.h>

enum { COUNT = 16 };

struct account {
  pthread_mutex_t lock;
  long balance;
};
static struct account accounts[COUNT];
static pthread_mutex_t forks[COUNT], spoons[COUNT], knives[COUNT];
static int meals[COUNT];

static void transfer(struct account *from, struct account *to) {
  if (from == to)
    return;
  pthread_mutex_lock(&from->lock);
  pthread_mutex_lock(&to->lock); // expect: lock-order@likely "the two are any two"
  from->balance--;
  to->balance++;
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
}

struct purse {
  pthread_mutex_t lock;
  long balance;
};
static struct purse purses[COUNT];

static void move(struct purse *from, struct purse *to) {
  pthread_mutex_lock(&from->lock);
  pthread_mutex_lock(&to->lock);
  from->balance--;
  to->balance++;
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
}

/* The lower number comes first. */
static void move_any(void) {
  int one = rand() % COUNT, other = rand() % COUNT;
  if (one < other)
    move(&purses[one], &purses[other]);
}

/* ---- rings */

static void eat(int left) {
  int right = (left + 1) % COUNT;
  pthread_mutex_lock(&forks[left]);
  pthread_mutex_lock(&forks[right]); // expect: lock-order@likely "the next one in the ring"
  meals[left]++;
  pthread_mutex_unlock(&forks[right]);
  pthread_mutex_unlock(&forks[left]);
}

/* The lower number first: the last one turns round. */
static void eat_in_order(int left) {
  int right = (left + 1) % COUNT;
  if (left > right) {
    int other = left;
    left = right;
    right = other;
  }
  pthread_mutex_lock(&spoons[left]);
  pthread_mutex_lock(&spoons[right]);
  meals[left]++;
  pthread_mutex_unlock(&spoons[right]);
  pthread_mutex_unlock(&spoons[left]);
}

/* Every other one goes the other way round. */
static void eat_by_turns(int left) {
  int right = (left + 1) % COUNT;
  if (left % 2) {
    pthread_mutex_lock(&knives[left]);
    pthread_mutex_lock(&knives[right]);
  } else {
    pthread_mutex_lock(&knives[right]);
    pthread_mutex_lock(&knives[left]);
  }
  meals[left]++;
  pthread_mutex_unlock(&knives[right]);
  pthread_mutex_unlock(&knives[left]);
}

static void *work(void *argument) {
  for (int i = 0; i < 1000; i++) {
    int from = rand() % COUNT, to = rand() % COUNT;
    transfer(&accounts[from], &accounts[to]);
    move_any();
    eat((int)(long)argument);
    eat_in_order((int)(long)argument);
    eat_by_turns((int)(long)argument);
  }
  return NULL;
}

int main(void) {
  pthread_t threads[COUNT];
  for (int i = 0; i < COUNT; i++) {
    pthread_mutex_init(&accounts[i].lock, NULL);
    pthread_mutex_init(&purses[i].lock, NULL);
    pthread_mutex_init(&forks[i], NULL);
    pthread_mutex_init(&spoons[i], NULL);
    pthread_mutex_init(&knives[i], NULL);
  }
  for (int i = 0; i < COUNT; i++)
    pthread_create(&threads[i], NULL, work, (void *)(long)i);
  for (int i = 0; i < COUNT; i++)
    pthread_join(threads[i], NULL);
  return 0;
}
