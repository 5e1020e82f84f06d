#include <pthread.h>
typedef struct shim_thread {
  pthread_t thread;
} shim_thread;
enum { SHIM_JOINABLE, SHIM_DETACHED };
typedef void *shim_entry(void *);
/* dies when it cannot */
void shim_create(shim_thread *thread, const char *name, shim_entry *entry, void *given, int mode);
int shim_try_create(shim_thread **result, shim_entry *entry, void *given);
shim_thread *shim_new(shim_entry *entry, void *given);
void shim_join(shim_thread *thread);
void shim_free(shim_thread *thread);
shim_entry work;
