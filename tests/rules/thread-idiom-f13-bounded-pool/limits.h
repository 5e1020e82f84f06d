#include <pthread.h>
extern pthread_mutex_t mutex;
extern pthread_cond_t changed;
extern int running, started;
enum { MOST = 16 };
void *counted(void *given);
void *uncounted(void *given);
void on_client_bounded(void);
void on_client_waiting(void);
void on_client_counted_only(void);
