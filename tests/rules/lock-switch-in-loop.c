/* The only way out of a loop is the default of the switch in it, or stands behind a switch whose
 * cases all go round: it is taken, however many cases there are. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void fail(const char *why) {
  fputs(why, stderr);
  exit(1);
}

/* By its default. */
static int skip_blanks(FILE *file) {
  for (;;) {
    int c = getc(file);
    switch (c) {
    case ' ':
      count++;
      break;
    case 0:
      fail("no text");
      break;
    default:
      return c;
    }
  }
}

int read_letter(FILE *file) {
  pthread_mutex_lock(&mutex);
  int c = skip_blanks(file);
  pthread_mutex_unlock(&mutex);
  return c;
}

int read_letter_leaks(FILE *file) {
  pthread_mutex_lock(&mutex);
  int c = skip_blanks(file);
  if (c == EOF)
    return -1; // expect: lock-leak "mutex"
  pthread_mutex_unlock(&mutex);
  return c;
}

/* Behind the switch. */
int read_word_leaks(FILE *file) {
  pthread_mutex_lock(&mutex);
  for (;;) {
    switch (getc(file)) {
    case '\n':
      count++;
      continue;
    case '-':
      continue;
    }
    return count; // expect: lock-leak "mutex"
  }
}

/* The cases are all there are, and go on behind the switch: no other value comes. */
enum kind { READ, WRITE };

int with_kind(enum kind kind) {
  int result = 0;
  switch (kind) {
  case READ:
    pthread_mutex_lock(&mutex);
    result = count;
    break;
  case WRITE:
    pthread_mutex_lock(&mutex);
    result = ++count;
    break;
  }
  pthread_mutex_unlock(&mutex);
  return result;
}
