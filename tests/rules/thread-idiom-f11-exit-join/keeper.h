#include <pthread.h>
extern pthread_t keeper, watcher, writer;
extern volatile int stop;
int start_all(void);
void *work(void *given);
