/* server.c - a cache server: one listener, a pool of workers, a housekeeper.
 *
 * It is what ./dev demo checks. The defects in it are planted and listed in README.md; beside each
 * stands the same thing done right.
 */
#include "cache.h"
#include "housekeeper.h"
#include "json.h"
#include "log.h"
#include "queue.h"
#include "request.h"
#include "session.h"

#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WORKERS = 4, BACKLOG = 64, ENTRY_LIMIT = 10000 };

static struct queue accepted;
static pthread_t workers[WORKERS];

/* Correct: ends when the queue is closed, and main joins it. */
static void *worker(void *unused) {
  (void)unused;
  int socket;
  while ((socket = queue_pop(&accepted)) >= 0) {
    struct session *session = session_open(socket);
    if (!session) {
      close(socket);
      continue;
    }
    request_serve(session);
    session_close(session);
  }
  return NULL;
}

static int listen_on(unsigned short port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
      listen(listener, BACKLOG) < 0)
    log_fatal("cannot listen on port %hu", port);
  return listener;
}

static void check_config(const char *path) {
  char text[8192];
  FILE *file = fopen(path, "r");
  if (!file)
    log_fatal("cannot read %s", path);
  size_t length = fread(text, 1, sizeof text, file);
  fclose(file);
  if (!json_valid_trusted(text, length))
    log_fatal("%s is not JSON", path);
}

static void drop_connection(int socket) { close(socket); }

int main(int argc, char **argv) {
  unsigned short port = (unsigned short)(argc > 1 ? strtoul(argv[1], NULL, 10) : 7070);
  if (argc > 2)
    check_config(argv[2]);
  if (!cache_init(ENTRY_LIMIT))
    log_fatal("cannot make the cache");
  signal(SIGPIPE, SIG_IGN);
  queue_init(&accepted);
  int listener = listen_on(port);
  log_set_threads(true);
  for (int i = 0; i < WORKERS; i++) {
    if (pthread_create(&workers[i], NULL, worker, NULL) != 0)
      log_fatal("cannot start worker %d", i);
  }
  if (!housekeeper_start())
    log_fatal("cannot start the housekeeper");
  for (;;) {
    int socket = accept(listener, NULL, NULL);
    if (socket < 0)
      break;
    if (!queue_try_push(&accepted, socket) && !queue_push(&accepted, socket))
      close(socket);
  }
  session_send_all("closing\n");
  queue_close(&accepted);
  for (int i = 0; i < WORKERS; i++)
    pthread_join(workers[i], NULL);
  log_info("%u connections dropped, %u open", queue_drain(&accepted, drop_connection),
           session_count());
  housekeeper_stop();
  housekeeper_summary();
  log_set_threads(false);
  cache_destroy();
  log_close();
  return 0;
}
