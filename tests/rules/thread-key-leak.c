/* What threads keep under keys. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern int wait_for_client(void);

static void start(void *(*work)(void *)) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL)) // expect: thread-unbounded
    abort();
  pthread_detach(thread);
}

/* ---- a buffer for each thread */

static pthread_key_t buffers;

static char *buffer(void) {
  char *text = pthread_getspecific(buffers);
  if (!text) {
    text = malloc(4096); // note: "the memory is made here"
    if (text && pthread_setspecific(buffers, text)) { // note: "it is kept here"
      free(text);
      text = NULL;
    }
  }
  return text;
}

static void *without_destructor(void *argument) {
  char *text = buffer();
  if (text)
    puts(text);
  return argument;
}

/* ---- the same with a destructor */

static pthread_key_t lines;

static char *line(void) {
  char *text = pthread_getspecific(lines);
  if (!text) {
    text = malloc(4096);
    if (text && pthread_setspecific(lines, text)) {
      free(text);
      text = NULL;
    }
  }
  return text;
}

static void *with_destructor(void *argument) {
  char *text = line();
  if (text)
    puts(text);
  return argument;
}

/* ---- given back by the thread */

static pthread_key_t names;

static void set_name(const char *name) {
  char *copy = strdup(name);
  if (copy)
    pthread_setspecific(names, copy);
}

static void forget_name(void) {
  free(pthread_getspecific(names));
  pthread_setspecific(names, NULL);
}

static void *gives_back(void *argument) {
  set_name("worker");
  forget_name();
  return argument;
}

/* ---- given back in the same function */

static pthread_key_t sums;

static void *sums_up(void *argument) {
  int *sum = calloc(1, sizeof *sum);
  if (!sum)
    return NULL;
  pthread_setspecific(sums, sum);
  printf("%d\n", *sum);
  free(sum);
  return argument;
}

static pthread_key_t products;

static void *multiplies(void *argument) {
  int *product = calloc(1, sizeof *product);
  pthread_setspecific(products, product);
  puts("starts");
  free(product);
  return argument;
}

/* ---- given back by who joins the thread */

static pthread_key_t results;

static void *has_result(void *argument) {
  int *result = calloc(1, sizeof *result);
  if (!result)
    return argument;
  pthread_setspecific(results, result);
  return result;
}

static void *may_have_result(void *argument) {
  (void)argument;
  int *result = calloc(1, sizeof *result);
  pthread_setspecific(results, result);
  return result;
}

static void join_for_result(void *(*work)(void *)) {
  pthread_t thread;
  void *result = NULL;
  if (pthread_create(&thread, NULL, work, NULL))
    return;
  pthread_join(thread, &result);
  free(result);
}

/* ---- no memory of its own */

static pthread_key_t states;
static struct state {
  int errors;
} shared_state;

static void *points_to_static(void *argument) {
  pthread_setspecific(states, &shared_state);
  return argument;
}

static pthread_key_t depths;

static void *numbers(void *argument) {
  pthread_setspecific(depths, (void *)1L);
  return argument;
}

static pthread_key_t arguments;

static void *keeps_argument(void *argument) {
  pthread_setspecific(arguments, argument);
  return argument;
}

/* ---- somebody else has it, too */

struct record {
  struct record *next;
  int count;
};
static pthread_mutex_t records_lock = PTHREAD_MUTEX_INITIALIZER;
static struct record *records;
static pthread_key_t record_key;

static void *is_listed(void *argument) {
  struct record *record = calloc(1, sizeof *record);
  if (!record)
    return NULL;
  pthread_setspecific(record_key, record);
  pthread_mutex_lock(&records_lock);
  record->next = records;
  records = record;
  pthread_mutex_unlock(&records_lock);
  return argument;
}

/* ---- the threads live as long as the process */

static pthread_key_t logs;

static void *writes_log(void *argument) {
  char *log = malloc(80);
  if (!log)
    return NULL;
  pthread_setspecific(logs, log);
  for (;;)
    pause();
  return argument;
}

/* ---- through functions of their own */

typedef struct {
  pthread_key_t key;
} Local;

static void *xmalloc(size_t size) {
  void *memory = malloc(size);
  if (!memory)
    abort();
  return memory;
}

static void local_new(Local *local, void (*end)(void *)) {
  if (pthread_key_create(&local->key, end))
    abort();
}
static void local_set(Local *local, void *value) { pthread_setspecific(local->key, value); }
static void *local_get(Local *local) { return pthread_getspecific(local->key); }

static Local scratch, stack;

static void *wrapped(void *argument) {
  if (!local_get(&scratch))
    local_set(&scratch, xmalloc(100));
  if (!local_get(&stack))
    local_set(&stack, xmalloc(100));
  return argument;
}

struct slot {
  pthread_key_t key;
};

static void slot_new(struct slot *slot) {
  if (pthread_key_create(&slot->key, NULL)) // expect: thread-key-leak "'slot->key' is created without a destructor"
    abort();
}
static void slot_set(struct slot *slot, void *value) { pthread_setspecific(slot->key, value); }
static void *slot_get(struct slot *slot) { return pthread_getspecific(slot->key); }

static struct slot slot;

static void *slotted(void *argument) {
  if (!slot_get(&slot))
    slot_set(&slot, xmalloc(100)); // note: "it is kept here"
  return argument;
}

static struct emptied {
  pthread_key_t key;
} emptied;

static void *empties(void *argument) {
  pthread_setspecific(emptied.key, xmalloc(100));
  void *own = pthread_getspecific(emptied.key);
  if (own)
    free(own);
  return argument;
}

/* ---- a key for each object */

struct cache {
  pthread_key_t key;
  int size;
};

struct cache *cache_new(int size) {
  struct cache *cache = calloc(1, sizeof *cache);
  if (!cache || pthread_key_create(&cache->key, free)) { // expect: thread-key-leak "any number of times"
    free(cache);
    return NULL;
  }
  cache->size = size;
  return cache;
}

void cache_free(struct cache *cache) { free(cache); }

struct table {
  pthread_key_t key;
  int size;
};

struct table *table_new(int size) {
  struct table *table = calloc(1, sizeof *table);
  if (!table || pthread_key_create(&table->key, free)) {
    free(table);
    return NULL;
  }
  table->size = size;
  return table;
}

void table_free(struct table *table) {
  pthread_key_delete(table->key);
  free(table);
}

static pthread_key_t once_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static void make_key(void) { pthread_key_create(&once_key, free); }

int main(void) {
  pthread_key_create(&buffers, NULL); // expect: thread-key-leak "'buffers' is created without a destructor"
  pthread_key_create(&lines, free);
  pthread_key_create(&names, NULL);
  pthread_key_create(&sums, NULL);
  pthread_key_create(&products, NULL);
  pthread_key_create(&results, NULL);
  pthread_key_create(&states, NULL);
  pthread_key_create(&depths, NULL);
  pthread_key_create(&arguments, NULL);
  pthread_key_create(&record_key, NULL);
  pthread_key_create(&logs, NULL);
  local_new(&scratch, NULL);
  local_new(&stack, free);
  slot_new(&slot);
  pthread_key_create(&emptied.key, NULL);
  start(writes_log);
  while (wait_for_client()) {
    struct cache *cache = cache_new(10);
    struct table *table = table_new(10);
    pthread_once(&once, make_key);
    start(without_destructor);
    start(with_destructor);
    start(gives_back);
    start(sums_up);
    join_for_result(has_result);
    join_for_result(may_have_result);
    start(multiplies);
    start(points_to_static);
    start(numbers);
    start(keeps_argument);
    start(is_listed);
    start(wrapped);
    start(slotted);
    start(empties);
    cache_free(cache);
    table_free(table);
  }
  return 0;
}
