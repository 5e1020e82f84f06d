/* A log that everybody writes to, whatever he holds, is one cause, and told of who is nearest. */
// mechanism: common-wait
// run: --only lock-blocking --min-confidence info
#include <netdb.h>
#include <pthread.h>

static struct hostent *collector;

static void say(const char *text) { collector = gethostbyname(text); }

static void report(const char *text) { say(text); }

#define SECTION(name, SAY)                                                                         \
  static pthread_mutex_t name##_lock = PTHREAD_MUTEX_INITIALIZER;                                  \
  static int name;                                                                                 \
  static void *change_##name(void *unused) {                                                       \
    pthread_mutex_lock(&name##_lock);                                                              \
    name++;                                                                                        \
    SAY(#name);                                                                                    \
    pthread_mutex_unlock(&name##_lock);                                                            \
    return unused;                                                                                 \
  }                                                                                                \
  static void *read_##name(void *unused) {                                                         \
    pthread_mutex_lock(&name##_lock);                                                              \
    name--;                                                                                        \
    pthread_mutex_unlock(&name##_lock);                                                            \
    return unused;                                                                                 \
  }                                                                                                \
  static void start_##name(void) {                                                                 \
    pthread_t thread;                                                                              \
    if (!pthread_create(&thread, NULL, change_##name, NULL))                                       \
      pthread_detach(thread);                                                                      \
    if (!pthread_create(&thread, NULL, read_##name, NULL))                                         \
      pthread_detach(thread);                                                                      \
  }

SECTION(files, report)
SECTION(names, report)
SECTION(users, report)
SECTION(hosts, report)
SECTION(ports, say) // expect: lock-blocking "'ports_lock' is held while this waits for the network"

int main(void) {
  start_files();
  start_names();
  start_users();
  start_hosts();
  start_ports();
  pthread_exit(NULL);
}
