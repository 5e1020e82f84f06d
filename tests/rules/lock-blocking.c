// mechanism: sections
// run: --only lock-blocking,lock-order --min-confidence info
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- sleeping, next to copying first and sleeping then */

static struct {
  pthread_mutex_t lock;
  int interval, rounds;
} settings = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void *sleeps_inside(void *unused) {
  for (;;) {
    pthread_mutex_lock(&settings.lock); // note: "'settings.lock' is acquired here"
    settings.rounds++;
    sleep(2); // expect: lock-blocking@likely "'settings.lock' is held while this sleeps for 2 seconds"
    pthread_mutex_unlock(&settings.lock);
  }
  return unused;
}

static void *copies_then_sleeps(void *unused) {
  for (;;) {
    pthread_mutex_lock(&settings.lock);
    int interval = settings.interval;
    pthread_mutex_unlock(&settings.lock);
    sleep((unsigned)interval);
  }
  return unused;
}

static void set_interval(int interval) {
  pthread_mutex_lock(&settings.lock);
  settings.interval = interval;
  pthread_mutex_unlock(&settings.lock);
}

/* ---- in a function that is called */

static struct {
  pthread_mutex_t lock;
  int hits;
} cache = {.lock = PTHREAD_MUTEX_INITIALIZER};

static struct hostent *look_up(const char *name) {
  return gethostbyname(name); // note: "it waits here"
}

static void *resolves_inside(void *name) {
  for (;;) {
    pthread_mutex_lock(&cache.lock);
    if (look_up(name)) // expect: lock-blocking@likely "'cache.lock' is held while this waits for the network"
      cache.hits++;
    pthread_mutex_unlock(&cache.lock);
  }
  return NULL;
}

static void count_hit(void) {
  pthread_mutex_lock(&cache.lock);
  cache.hits++;
  pthread_mutex_unlock(&cache.lock);
}

static void *resolves_first(void *name) {
  for (;;)
    if (look_up(name))
      count_hit();
  return NULL;
}

/* The callee gives the lock up before it waits. */
static struct hostent *look_up_without_lock(const char *name) {
  pthread_mutex_unlock(&cache.lock);
  struct hostent *host = gethostbyname(name);
  pthread_mutex_lock(&cache.lock);
  return host;
}

static void *resolves_meanwhile(void *name) {
  for (;;) {
    pthread_mutex_lock(&cache.lock);
    if (look_up_without_lock(name))
      cache.hits++;
    pthread_mutex_unlock(&cache.lock);
  }
  return NULL;
}

/* ---- other threads */

static struct {
  pthread_mutex_t lock, state_lock;
  pthread_cond_t ready;
  bool is_ready;
  pthread_t worker;
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER,
          .state_lock = PTHREAD_MUTEX_INITIALIZER,
          .ready = PTHREAD_COND_INITIALIZER};

static void *waits_with_two(void *unused) {
  for (;;) {
    pthread_mutex_lock(&pool.lock);
    pthread_mutex_lock(&pool.state_lock);
    while (!pool.is_ready)
      pthread_cond_wait(&pool.ready, &pool.state_lock); // expect: lock-blocking@likely "'pool.lock' is held while this waits on a condition variable"
    pthread_mutex_unlock(&pool.state_lock);
    pthread_mutex_unlock(&pool.lock);
  }
  return unused;
}

/* Behind pointers, but two of one object. */
static struct {
  pthread_mutex_t *lock, *state_lock;
  pthread_cond_t *ready;
  bool is_ready;
} pointed;

static void *waits_with_two_behind_pointers(void *unused) {
  for (;;) {
    pthread_mutex_lock(pointed.lock);
    pthread_mutex_lock(pointed.state_lock);
    while (!pointed.is_ready)
      pthread_cond_wait(pointed.ready, pointed.state_lock); // expect: lock-blocking@likely "waits on a condition variable"
    pthread_mutex_unlock(pointed.state_lock);
    pthread_mutex_unlock(pointed.lock);
  }
  return unused;
}

static void set_pointed(void) {
  pthread_mutex_lock(pointed.lock);
  pointed.is_ready = false;
  pthread_mutex_unlock(pointed.lock);
}

static void *waits_with_its_own(void *unused) {
  for (;;) {
    pthread_mutex_lock(&pool.state_lock);
    while (!pool.is_ready)
      pthread_cond_wait(&pool.ready, &pool.state_lock);
    pthread_mutex_unlock(&pool.state_lock);
    pthread_mutex_lock(&pool.lock);
    pthread_mutex_unlock(&pool.lock);
  }
  return unused;
}

static void restart_worker(void) {
  pthread_mutex_lock(&pool.lock);
  pool.is_ready = true;
  pthread_mutex_unlock(&pool.lock);
  pthread_mutex_lock(&pool.lock);
  pool.is_ready = false;
  pthread_mutex_unlock(&pool.lock);
}

/* ---- joining: a thread that takes the lock, and one that does not */

static struct {
  pthread_mutex_t lock;
  pthread_t reader, counter;
  int lines, stops;
} reading = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void *reads_lines(void *unused) {
  pthread_mutex_lock(&reading.lock);
  reading.lines++;
  pthread_mutex_unlock(&reading.lock);
  return unused;
}

static void *needs_nothing(void *unused) { return unused; }

static int count_lines(void) {
  pthread_mutex_lock(&reading.lock);
  int lines = reading.lines;
  pthread_mutex_unlock(&reading.lock);
  return lines;
}

static void stop_reader(void) {
  pthread_mutex_lock(&reading.lock);
  pthread_join(reading.reader, NULL); // expect: lock-order@likely "which that thread takes: a deadlock"
  pthread_mutex_unlock(&reading.lock);
}

static void stop_counter(void) {
  pthread_mutex_lock(&reading.lock);
  reading.stops++;
  pthread_join(reading.counter, NULL); // expect: lock-blocking@possible "waits for a thread to end"
  pthread_mutex_unlock(&reading.lock);
}

static int start_reading(void) {
  pthread_mutex_lock(&reading.lock);
  reading.lines = 0;
  pthread_mutex_unlock(&reading.lock);
  pthread_mutex_lock(&reading.lock);
  reading.stops = 0;
  pthread_mutex_unlock(&reading.lock);
  return pthread_create(&reading.reader, NULL, reads_lines, NULL) ||
         pthread_create(&reading.counter, NULL, needs_nothing, NULL);
}

/* ---- children that have ended already */

static void reap(void) {
  pthread_mutex_lock(&reading.lock);
  while (waitpid(-1, NULL, WNOHANG) > 0)
    reading.stops++;
  pthread_mutex_unlock(&reading.lock);
}

/* ---- a log, that is written to whatever is held: one cause */

static int log_socket;

static void log_line(const char *text) {
  if (send(log_socket, text, strlen(text), 0) < 0)
    log_socket = -1;
}

static struct {
  pthread_mutex_t one, two, three, four;
  int changes;
} logged = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
            PTHREAD_MUTEX_INITIALIZER, 0};

static void change_logged(void) {
  pthread_mutex_lock(&logged.one);
  log_line("one"); // expect: lock-blocking@info
  pthread_mutex_unlock(&logged.one);
  pthread_mutex_lock(&logged.two);
  log_line("two");
  pthread_mutex_unlock(&logged.two);
  pthread_mutex_lock(&logged.three);
  log_line("three");
  pthread_mutex_unlock(&logged.three);
  pthread_mutex_lock(&logged.four);
  log_line("four");
  pthread_mutex_unlock(&logged.four);
}

static void *changes_quietly(void *unused) {
  for (int i = 0; i < 3; i++) {
    pthread_mutex_lock(&logged.one);
    pthread_mutex_lock(&logged.two);
    logged.changes++;
    pthread_mutex_unlock(&logged.two);
    pthread_mutex_unlock(&logged.one);
    pthread_mutex_lock(&logged.three);
    pthread_mutex_lock(&logged.four);
    logged.changes++;
    pthread_mutex_unlock(&logged.four);
    pthread_mutex_unlock(&logged.three);
  }
  return unused;
}

/* ---- what the lock is for: all who want it want to do the same */

static struct {
  pthread_mutex_t lock;
  int socket;
} wire = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void *sends(void *text) {
  for (;;) {
    pthread_mutex_lock(&wire.lock);
    if (send(wire.socket, text, strlen(text), 0) < 0) // expect: lock-blocking@info "'wire.lock'"
      perror("send");
    pthread_mutex_unlock(&wire.lock);
  }
  return NULL;
}

static void *sends_header(void *text) {
  for (;;) {
    pthread_mutex_lock(&wire.lock);
    if (send(wire.socket, text, 4, 0) < 0) // expect: lock-blocking@info "'wire.lock'"
      perror("send");
    pthread_mutex_unlock(&wire.lock);
  }
  return NULL;
}

/* ---- no time at all */

static struct {
  pthread_mutex_t lock;
  int socket, bytes;
} peer = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void *looks_only(void *unused) {
  for (;;) {
    char buffer[64];
    pthread_mutex_lock(&peer.lock);
    struct pollfd one = {.fd = peer.socket, .events = POLLIN};
    struct timeval none = {.tv_sec = 0, .tv_usec = 0};
    fd_set set;
    FD_ZERO(&set);
    if (poll(&one, 1, 0) > 0 && select(peer.socket + 1, &set, NULL, NULL, &none) > 0)
      peer.bytes += (int)recv(peer.socket, buffer, sizeof buffer, MSG_DONTWAIT);
    pthread_mutex_unlock(&peer.lock);
  }
  return unused;
}

static void *reads_bytes(void *unused) {
  for (;;) {
    pthread_mutex_lock(&peer.lock);
    peer.bytes++;
    pthread_mutex_unlock(&peer.lock);
  }
  return unused;
}

/* ---- one thread: nobody waits */

static pthread_mutex_t private_lock = PTHREAD_MUTEX_INITIALIZER;
static int private_rounds;

static void main_sleeps(void) {
  pthread_mutex_lock(&private_lock);
  sleep(3);
  pthread_mutex_unlock(&private_lock);
}

static void main_counts(void) {
  pthread_mutex_lock(&private_lock);
  private_rounds++;
  pthread_mutex_unlock(&private_lock);
}

/* ---- the disk: info */

static pthread_mutex_t file_lock = PTHREAD_MUTEX_INITIALIZER;
static int file_writes;

static void *syncs(void *unused) {
  for (;;) {
    pthread_mutex_lock(&file_lock);
    file_writes += fsync(1) == 0; // expect: lock-blocking@info "waits for the disk"
    pthread_mutex_unlock(&file_lock);
  }
  return unused;
}

static void *counts_writes(void *unused) {
  for (;;) {
    pthread_mutex_lock(&file_lock);
    file_writes++;
    pthread_mutex_unlock(&file_lock);
  }
  return unused;
}

int main(int count, char **arguments) {
  pthread_t thread;
  int failed = 0;
  failed |= pthread_create(&thread, NULL, sleeps_inside, NULL) || pthread_detach(thread);
  failed |= pthread_create(&thread, NULL, copies_then_sleeps, NULL) || pthread_detach(thread);
  failed |= pthread_create(&thread, NULL, resolves_inside, *arguments) || pthread_detach(thread);
  failed |= pthread_create(&thread, NULL, resolves_first, *arguments) || pthread_detach(thread);
  failed |= pthread_create(&thread, NULL, resolves_meanwhile, *arguments) || pthread_detach(thread);
  failed |= pthread_create(&thread, NULL, waits_with_two, NULL) || pthread_detach(thread);
  failed |= pthread_create(&thread, NULL, waits_with_two_behind_pointers, NULL) ||
            pthread_detach(thread);
  failed |= pthread_create(&thread, NULL, waits_with_its_own, NULL) || pthread_detach(thread);
  failed |= pthread_create(&thread, NULL, sends, *arguments) || pthread_detach(thread);
  failed |= pthread_create(&thread, NULL, sends_header, *arguments) || pthread_detach(thread);
  failed |= pthread_create(&thread, NULL, looks_only, NULL) || pthread_detach(thread);
  failed |= pthread_create(&thread, NULL, reads_bytes, NULL) || pthread_detach(thread);
  failed |= pthread_create(&thread, NULL, syncs, NULL) || pthread_detach(thread);
  failed |= pthread_create(&thread, NULL, counts_writes, NULL) || pthread_detach(thread);
  failed |= pthread_create(&thread, NULL, changes_quietly, NULL) || pthread_detach(thread);
  for (;;) {
    if (start_reading())
      return 1;
    while (count_lines() < 1)
      ;
    stop_reader();
    stop_counter();
    reap();
    change_logged();
    set_pointed();
    set_interval(count);
    restart_worker();
    main_sleeps();
    main_counts();
  }
  return failed;
}
