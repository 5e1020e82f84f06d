/* The last one destroys the lock with the object; all others have to give it back. What the count
 * says is read while the lock is held: no caller can know. */
// mechanism: destroyed-there
#include <pthread.h>
#include <stdlib.h>

struct response {
  pthread_mutex_t mutex;
  int references;
};

void drops(struct response *response) {
  pthread_mutex_lock(&response->mutex); // note: "acquired here"
  if (--response->references != 0)
    return; // expect: lock-leak "'response->mutex' is still held when 'drops' returns here"
  pthread_mutex_unlock(&response->mutex);
  pthread_mutex_destroy(&response->mutex);
  free(response);
}

void drops_and_unlocks(struct response *response) {
  pthread_mutex_lock(&response->mutex);
  if (--response->references != 0) {
    pthread_mutex_unlock(&response->mutex);
    return;
  }
  pthread_mutex_unlock(&response->mutex);
  pthread_mutex_destroy(&response->mutex);
  free(response);
}

struct response *finds(int number);

void closes(int number) {
  struct response *response = finds(number);
  drops(response);
}

void closes_two(int number) {
  drops(finds(number));
  drops_and_unlocks(finds(number + 1));
}
