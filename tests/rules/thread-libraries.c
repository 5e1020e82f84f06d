/* Threads of other libraries; the prototypes are all that is known of them. */
// run: --min-confidence possible
#include <stddef.h>

typedef struct GThread GThread;
typedef struct GError GError;
typedef void *(*GThreadFunc)(void *);
GThread *g_thread_new(const char *name, GThreadFunc run, void *data);
GThread *g_thread_create_full(GThreadFunc run, void *data, unsigned long stack, int joinable,
                              int bound, int priority, GError **error);
void *g_thread_join(GThread *thread);
void g_thread_unref(GThread *thread);
GThread *g_thread_self(void);

typedef unsigned long thrd_t;
enum { thrd_success };
int thrd_create(thrd_t *thread, int (*run)(void *), void *given);
int thrd_join(thrd_t thread, int *result);
int thrd_detach(thrd_t thread);
thrd_t thrd_current(void);

typedef struct SDL_Thread SDL_Thread;
SDL_Thread *SDL_CreateThread(int (*run)(void *), const char *name, void *given);
void SDL_WaitThread(SDL_Thread *thread, int *status);
void SDL_DetachThread(SDL_Thread *thread);

typedef struct apr_thread_t apr_thread_t;
typedef struct apr_threadattr_t apr_threadattr_t;
typedef struct apr_pool_t apr_pool_t;
enum { APR_SUCCESS };
int apr_threadattr_create(apr_threadattr_t **attributes, apr_pool_t *pool);
int apr_threadattr_detach_set(apr_threadattr_t *attributes, int on);
int apr_thread_create(apr_thread_t **thread, apr_threadattr_t *attributes,
                      void *(*run)(apr_thread_t *, void *), void *data, apr_pool_t *pool);
int apr_thread_join(int *result, apr_thread_t *thread);
int apr_thread_detach(apr_thread_t *thread);

typedef unsigned long uv_thread_t;
int uv_thread_create(uv_thread_t *thread, void (*run)(void *), void *given);
int uv_thread_join(uv_thread_t *thread);

typedef struct QemuThread {
  unsigned long thread;
} QemuThread;
enum { QEMU_THREAD_JOINABLE, QEMU_THREAD_DETACHED };
void qemu_thread_create(QemuThread *thread, const char *name, void *(*run)(void *), void *given,
                        int mode);
void *qemu_thread_join(QemuThread *thread);

typedef void *HANDLE;
HANDLE CreateThread(void *security, size_t stack, unsigned long (*run)(void *), void *given,
                    unsigned long flags, unsigned long *id);
unsigned long WaitForSingleObject(HANDLE handle, unsigned long milliseconds);
int CloseHandle(HANDLE handle);

void *work(void *given);
int work_int(void *given);
void work_void(void *given);
unsigned long work_long(void *given);
void *work_apr(apr_thread_t *self, void *given);

/* ---- GLib */

void glib_left(void) {
  GThread *thread = g_thread_new("work", work, NULL); // expect: thread-unjoined "created here"
  (void)thread;
}
void glib_joined(void) { g_thread_join(g_thread_new("work", work, NULL)); }
void glib_let_go(void) { g_thread_unref(g_thread_new("work", work, NULL)); }

static void *lets_go_itself(void *given) {
  work(given);
  g_thread_unref(g_thread_self());
  return NULL;
}
struct handle {
  GThread *thread, *other;
};
void glib_lets_go_itself(struct handle *handle) {
  handle->thread = g_thread_new("work", lets_go_itself, handle);
}
void glib_kept(struct handle *handle) {
  handle->other = g_thread_new("work", work, handle); // expect: thread-unjoined "nobody joins or detaches it"
}

void glib_old_joinable(void) {
  g_thread_create_full(work, NULL, 0, 1, 0, 0, NULL); // expect: thread-unjoined
}
void glib_old_detached(void) { g_thread_create_full(work, NULL, 0, 0, 0, 0, NULL); }

/* ---- C11 */

static int detaches_itself(void *given) {
  thrd_detach(thrd_current());
  return work_int(given);
}
void c11_left(void) {
  thrd_t thread;
  thrd_create(&thread, work_int, NULL); // expect: thread-unjoined
}
void c11_detaches_itself(void) {
  thrd_t thread;
  thrd_create(&thread, detaches_itself, NULL);
}
void c11_joined(void) {
  thrd_t thread;
  if (thrd_create(&thread, work_int, NULL) == thrd_success)
    thrd_join(thread, NULL);
}

/* ---- SDL */

void sdl_left(void) {
  SDL_Thread *thread = SDL_CreateThread(work_int, "work", NULL); // expect: thread-unjoined
  (void)thread;
}
void sdl_joined(void) {
  SDL_Thread *thread = SDL_CreateThread(work_int, "work", NULL);
  if (thread)
    SDL_WaitThread(thread, NULL);
}
void sdl_detached(void) { SDL_DetachThread(SDL_CreateThread(work_int, "work", NULL)); }

/* ---- APR */

void apr_left(apr_pool_t *pool) {
  apr_thread_t *thread;
  apr_thread_create(&thread, NULL, work_apr, NULL, pool); // expect: thread-unjoined
}
void apr_detached(apr_pool_t *pool) {
  apr_thread_t *thread;
  apr_threadattr_t *attributes;
  apr_threadattr_create(&attributes, pool);
  apr_threadattr_detach_set(attributes, 1);
  apr_thread_create(&thread, attributes, work_apr, NULL, pool);
}
void apr_joined(apr_pool_t *pool) {
  apr_thread_t *thread;
  int result;
  if (apr_thread_create(&thread, NULL, work_apr, NULL, pool) == APR_SUCCESS)
    apr_thread_join(&result, thread);
}

/* ---- libuv, QEMU, Windows */

void uv_left(void) {
  uv_thread_t thread;
  uv_thread_create(&thread, work_void, NULL); // expect: thread-unjoined
}
void uv_joined(void) {
  uv_thread_t thread;
  if (!uv_thread_create(&thread, work_void, NULL))
    uv_thread_join(&thread);
}
void qemu_left(void) {
  QemuThread thread;
  qemu_thread_create(&thread, "work", work, NULL, QEMU_THREAD_JOINABLE); // expect: thread-unjoined
}
void qemu_detached(void) {
  QemuThread thread;
  qemu_thread_create(&thread, "work", work, NULL, QEMU_THREAD_DETACHED);
}
void qemu_joined(void) {
  QemuThread thread;
  qemu_thread_create(&thread, "work", work, NULL, QEMU_THREAD_JOINABLE);
  qemu_thread_join(&thread);
}
void windows_left(void) {
  HANDLE thread = CreateThread(NULL, 0, work_long, NULL, 0, NULL); // expect: thread-unjoined
  (void)thread;
}
void windows_closed(void) {
  HANDLE thread = CreateThread(NULL, 0, work_long, NULL, 0, NULL);
  if (thread)
    CloseHandle(thread);
}
void windows_waited_for(void) {
  HANDLE thread = CreateThread(NULL, 0, work_long, NULL, 0, NULL);
  if (!thread)
    return;
  WaitForSingleObject(thread, 0xffffffff);
  CloseHandle(thread);
}
