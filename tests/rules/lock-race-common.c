/* Threads that are given one and the same object share its members; those that have one each do
 * not. */
// run: --min-confidence possible
// mechanism: race-common
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct sum {
  pthread_mutex_t lock;
  long lines, words;
  long bytes[4];
};

struct part {
  FILE *file;
  long lines;
};

static void *count(void *argument) {
  struct sum *sum = argument;
  int c;
  while ((c = getchar()) != EOF) {
    sum->lines += c == '\n'; // expect: lock-race "'sum->lines' is changed here by several threads at once"
    sum->bytes[c & 3]++;
    pthread_mutex_lock(&sum->lock);
    sum->words += c == ' ';
    pthread_mutex_unlock(&sum->lock);
  }
  return NULL;
}

static void *count_part(void *argument) {
  struct part *part = argument;
  int c;
  while ((c = getc(part->file)) != EOF)
    part->lines += c == '\n';
  return NULL;
}

struct two {
  long first, second;
};

static void *count_two(void *argument) {
  struct two *two = argument;
  while (getchar() != EOF)
    two->first++; // expect: lock-race "'two->first' is changed here by several threads at once"
  return NULL;
}

static void *count_one(void *argument) {
  struct two *one = argument;
  while (getchar() != EOF)
    one->second++;
  return NULL;
}

static long all_threads(void) {
  pthread_t threads[4];
  struct sum sum = {.lock = PTHREAD_MUTEX_INITIALIZER};
  for (int i = 0; i < 4; i++)
    if (pthread_create(&threads[i], NULL, count, &sum))
      abort();
  for (int i = 0; i < 4; i++)
    pthread_join(threads[i], NULL);
  return sum.lines + sum.words + sum.bytes[0];
}

static long each_its_own(FILE **files) {
  pthread_t threads[4];
  struct part parts[4] = {{.lines = 0}};
  long lines = 0;
  for (int i = 0; i < 4; i++) {
    parts[i].file = files[i];
    if (pthread_create(&threads[i], NULL, count_part, &parts[i]))
      abort();
  }
  for (int i = 0; i < 4; i++) {
    pthread_join(threads[i], NULL);
    lines += parts[i].lines;
  }
  return lines;
}

static void *count_own(void *argument) {
  struct two *own = argument;
  while (getchar() != EOF)
    own->second += 2;
  return NULL;
}

static long each_by_a_pointer(void) {
  pthread_t threads[4];
  struct two parts[4] = {{.first = 0}};
  long all = 0;
  for (int i = 0; i < 4; i++) {
    struct two *part = parts + i;
    if (pthread_create(&threads[i], NULL, count_own, part))
      abort();
  }
  for (int i = 0; i < 4; i++) {
    struct two *part = parts + i;
    pthread_join(threads[i], NULL);
    all += part->second;
  }
  return all;
}

/* On the heap, and without a loop. */
static long two_threads(void) {
  pthread_t one, other;
  struct two *two = calloc(1, sizeof *two), a = {0}, b = {0};
  if (!two || pthread_create(&one, NULL, count_two, two) ||
      pthread_create(&other, NULL, count_two, two))
    abort();
  pthread_join(one, NULL);
  pthread_join(other, NULL);
  if (pthread_create(&one, NULL, count_one, &a) || pthread_create(&other, NULL, count_one, &b))
    abort();
  pthread_join(one, NULL);
  pthread_join(other, NULL);
  long all = two->first + a.second + b.second;
  free(two);
  return all;
}

int main(int argc, char **argv) {
  FILE *files[4];
  for (int i = 0; i < 4; i++)
    files[i] = argc > 4 ? fopen(argv[i + 1], "r") : stdin;
  printf("%ld %ld %ld %ld\n", all_threads(), each_its_own(files), two_threads(),
         each_by_a_pointer());
}
