/* IDIOMS B24, B28: threads of libraries by their models: GLib, libuv, C11, SDL, QEMU; and handles
 * that are handed to a function whose source is not here, which may join them. */
#include <stdlib.h>
#include <threads.h>

typedef struct _GThread GThread;
typedef void *(*GThreadFunc)(void *);
GThread *g_thread_new(const char *name, GThreadFunc entry, void *given);
GThread *g_thread_try_new(const char *name, GThreadFunc entry, void *given, void **error);
void *g_thread_join(GThread *thread);
void g_thread_unref(GThread *thread);

typedef unsigned long uv_thread_t;
int uv_thread_create(uv_thread_t *thread, void (*entry)(void *), void *given);
int uv_thread_join(uv_thread_t *thread);

typedef struct SDL_Thread SDL_Thread;
SDL_Thread *SDL_CreateThread(int (*entry)(void *), const char *name, void *given);
void SDL_WaitThread(SDL_Thread *thread, int *status);
void SDL_DetachThread(SDL_Thread *thread);

typedef struct QemuThread {
  unsigned long thread;
} QemuThread;
#define QEMU_THREAD_JOINABLE 0
#define QEMU_THREAD_DETACHED 1
void qemu_thread_create(QemuThread *thread, const char *name, void *(*entry)(void *), void *given,
                        int mode);
void *qemu_thread_join(QemuThread *thread);

void watcher_adopt(thrd_t thread);
void watcher_adopt_all(GThread **threads, int count);

static void *work(void *given) { return given; }
static void work_quietly(void *given) { (void)given; }
static int work_to_a_number(void *given) { return given != NULL; }

void glib_joined(void) { g_thread_join(g_thread_new("a", work, NULL)); }
void glib_given_up(void) { g_thread_unref(g_thread_new("b", work, NULL)); }
void glib_dropped(void) {
  GThread *thread = g_thread_new("c", work, NULL); // expect: thread-unjoined "'glib_dropped' neither"
  (void)thread;
}
int glib_tried(void) {
  GThread *thread = g_thread_try_new("d", work, NULL, NULL);
  if (!thread)
    return -1;
  g_thread_join(thread);
  return 0;
}
void glib_adopted(void) {
  GThread *threads[2];
  for (int i = 0; i < 2; i++)
    threads[i] = g_thread_new("e", work, NULL);
  watcher_adopt_all(threads, 2);
}

int uv_joined(void) {
  uv_thread_t thread;
  if (uv_thread_create(&thread, work_quietly, NULL))
    return -1;
  return uv_thread_join(&thread);
}
int uv_dropped(void) {
  uv_thread_t thread;
  return uv_thread_create(&thread, work_quietly, NULL); // expect: thread-unjoined "'uv_dropped' neither"
}

int c11_joined(void) {
  thrd_t thread;
  if (thrd_create(&thread, work_to_a_number, NULL) != thrd_success)
    return -1;
  return thrd_join(thread, NULL);
}
int c11_dropped(void) {
  thrd_t thread;
  return thrd_create(&thread, work_to_a_number, NULL); // expect: thread-unjoined "'c11_dropped' neither"
}
int c11_adopted(void) {
  thrd_t thread;
  if (thrd_create(&thread, work_to_a_number, NULL) != thrd_success)
    return -1;
  watcher_adopt(thread);
  return 0;
}

void sdl_joined(void) {
  SDL_Thread *thread = SDL_CreateThread(work_to_a_number, "f", NULL);
  SDL_WaitThread(thread, NULL);
}
void sdl_left(void) { SDL_DetachThread(SDL_CreateThread(work_to_a_number, "g", NULL)); }
void sdl_dropped(void) {
  SDL_CreateThread(work_to_a_number, "h", NULL); // expect: thread-unjoined "'sdl_dropped' neither"
}

void qemu_left(void) {
  QemuThread thread;
  qemu_thread_create(&thread, "i", work, NULL, QEMU_THREAD_DETACHED);
}
void qemu_joined(void) {
  QemuThread thread;
  qemu_thread_create(&thread, "j", work, NULL, QEMU_THREAD_JOINABLE);
  qemu_thread_join(&thread);
}
void qemu_dropped(void) {
  QemuThread thread;
  qemu_thread_create(&thread, "k", work, NULL, QEMU_THREAD_JOINABLE); // expect: thread-unjoined "'qemu_dropped'"
}
