/* Locks of readers may be held more than once, so calls that may give one back more often than they
 * took it say nothing of it: what they did is counted, and no case of theirs is told from the
 * others. Here the file is locked only where there is no other, and where that is, is asked twice. */
// mechanism: told-by-counts
#include <stdbool.h>
#include <stdio.h>

void rcu_read_lock(void);
void rcu_read_unlock(void);

static FILE *shared_file;
static _Thread_local FILE *own_file;
static bool is_apart;

static FILE *trylock(void) {
  FILE *file = own_file;
  if (file)
    return file;
  if (is_apart)
    return NULL;
  rcu_read_lock();
  file = shared_file;
  if (!file)
    rcu_read_unlock();
  return file;
}

static void unlock(FILE *file) {
  if (file && !is_apart)
    rcu_read_unlock();
}

static void say(const char *text) {
  FILE *file = trylock();
  if (file) {
    fputs(text, file);
    unlock(file);
  }
}

void says(int n) {
  say("one\n");
  if (n > 1)
    say("more\n");
}
void says_twice(int n) {
  says(n);
  says(n + 1);
}

void left_open(int n) {
  rcu_read_lock(); // note: "acquired here"
  if (n > 1)
    return; // expect: lock-leak "'rcu' is still held when 'left_open' returns here"
  rcu_read_unlock();
}
