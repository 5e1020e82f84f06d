/* A lock is held while a bounded queue is full, in more than a third of its sections: that is the
 * custom here, and no slip. One that waits alone is. */
#include <pthread.h>
#include <stddef.h>

struct queue {
  pthread_mutex_t mutex;
  pthread_cond_t full, empty;
  void *items[16];
  int count;
};

static struct queue queue = {.mutex = PTHREAD_MUTEX_INITIALIZER};
static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER, name_lock = PTHREAD_MUTEX_INITIALIZER;
static int table[16], names;

static void put(void *item) {
  pthread_mutex_lock(&queue.mutex);
  while (queue.count == 16)
    pthread_cond_wait(&queue.full, &queue.mutex);
  queue.items[queue.count++] = item;
  pthread_cond_signal(&queue.empty);
  pthread_mutex_unlock(&queue.mutex);
}

static void *take_all(void *unused) {
  for (;;) {
    pthread_mutex_lock(&queue.mutex);
    while (!queue.count)
      pthread_cond_wait(&queue.empty, &queue.mutex);
    queue.count--;
    pthread_cond_signal(&queue.full);
    pthread_mutex_unlock(&queue.mutex);
  }
  return unused;
}

static void send0(void) {
  pthread_mutex_lock(&table_lock);
  table[0]++;
  put(&table[0]);
  pthread_mutex_unlock(&table_lock);
}

static void send1(void) {
  pthread_mutex_lock(&table_lock);
  table[1]++;
  put(&table[1]);
  pthread_mutex_unlock(&table_lock);
}

static void send2(void) {
  pthread_mutex_lock(&table_lock);
  table[2]++;
  put(&table[2]);
  pthread_mutex_unlock(&table_lock);
}

static void send3(void) {
  pthread_mutex_lock(&table_lock);
  table[3]++;
  put(&table[3]);
  pthread_mutex_unlock(&table_lock);
}

static void count0(void) {
  pthread_mutex_lock(&table_lock);
  table[0]--;
  pthread_mutex_unlock(&table_lock);
}

static void count1(void) {
  pthread_mutex_lock(&table_lock);
  table[1]--;
  pthread_mutex_unlock(&table_lock);
}

static void count2(void) {
  pthread_mutex_lock(&table_lock);
  table[2]--;
  pthread_mutex_unlock(&table_lock);
}

static void count3(void) {
  pthread_mutex_lock(&table_lock);
  table[3]--;
  pthread_mutex_unlock(&table_lock);
}

static void count4(void) {
  pthread_mutex_lock(&table_lock);
  table[4]--;
  pthread_mutex_unlock(&table_lock);
}

static void send_name(void) {
  pthread_mutex_lock(&name_lock);
  put(&names); // expect: lock-blocking "'name_lock' is held while this waits on a condition variable"
  pthread_mutex_unlock(&name_lock);
}

static void name0(void) {
  pthread_mutex_lock(&name_lock);
  names += 0;
  pthread_mutex_unlock(&name_lock);
}

static void name1(void) {
  pthread_mutex_lock(&name_lock);
  names += 1;
  pthread_mutex_unlock(&name_lock);
}

static void name2(void) {
  pthread_mutex_lock(&name_lock);
  names += 2;
  pthread_mutex_unlock(&name_lock);
}

static void *work(void *unused) {
  send0();
  send1();
  send2();
  send3();
  count0();
  count1();
  count2();
  count3();
  count4();
  send_name();
  name0();
  name1();
  name2();
  return unused;
}

int main(void) {
  pthread_t threads[3];
  pthread_create(&threads[0], NULL, take_all, NULL);
  pthread_create(&threads[1], NULL, work, NULL);
  pthread_create(&threads[2], NULL, work, NULL);
  for (int i = 0; i < 3; i++)
    pthread_join(threads[i], NULL);
  return 0;
}
