/* no_memory.c - for LD_PRELOAD: the n-th allocation of a process fails, alone or with all after it.
 *
 * NO_MEMORY=supervisor:N or worker:N, with a "+" behind N for all after it. Workers are what the
 * first process forks; each counts for itself. NO_MEMORY_COUNT=FILE: the first process writes there
 * how often it asked, so that a test knows how far N can go. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static atomic_long asked, fails_at;
static atomic_int for_workers, fails_on, ready;

static void in_worker(void) { atomic_store(&asked, atomic_load(&for_workers) ? 0 : -(1L << 40)); }

static void __attribute__((constructor)) set_up(void) {
  const char *what = getenv("NO_MEMORY"), *number = what ? strchr(what, ':') : NULL;
  if (number) {
    fails_at = strtol(number + 1, NULL, 10);
    fails_on = strchr(number, '+') != NULL;
    for_workers = what[0] == 'w';
  }
  pthread_atfork(NULL, NULL, in_worker);
  asked = for_workers ? -(1L << 40) : 0; // the first process never gets there
  ready = 1;
}

static void __attribute__((destructor)) tell(void) {
  const char *path = getenv("NO_MEMORY_COUNT");
  char text[32];
  int file = path ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644) : -1;
  if (file < 0)
    return;
  int length = snprintf(text, sizeof text, "%ld\n", atomic_load(&asked));
  if (write(file, text, (size_t)length) != length)
    _exit(99);
  close(file);
}

static int fails(void) {
  if (!ready)
    return 0;
  long now = atomic_fetch_add(&asked, 1) + 1;
  if (!fails_at || now < fails_at || (now > fails_at && !fails_on))
    return 0;
  errno = ENOMEM;
  return 1;
}

/* What dlsym itself asks for before the others are known. Others ask before set_up runs. */
static char early[1 << 16];
static size_t early_used;

static void *take_early(size_t size) {
  void *memory = early + early_used;
  early_used += (size + 15) & ~(size_t)15;
  return early_used <= sizeof early ? memory : NULL;
}

static int is_known(void) {
  static int asking;
  if (real_malloc)
    return 1;
  if (asking)
    return 0;
  asking = 1;
  real_realloc = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
  real_calloc = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
  real_malloc = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
  return real_malloc != NULL;
}

void *malloc(size_t size) {
  if (!is_known())
    return take_early(size);
  return fails() ? NULL : real_malloc(size);
}

void *calloc(size_t count, size_t size) {
  if (!is_known())
    return take_early(count * size); // static memory is zero
  return fails() ? NULL : real_calloc(count, size);
}

void *realloc(void *old, size_t size) {
  if (!is_known())
    return old ? NULL : take_early(size);
  return fails() ? NULL : real_realloc(old, size);
}
