#include <pthread.h>

void use(void *);
void fill(void *);
int start_small_thread(pthread_t *, void *(*)(void *), void *);
