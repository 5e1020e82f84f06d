#include "nested.h"
#include "pool.h"
#include <sys/socket.h>

static pthread_t logger, kept;
static struct pool pool;

static void on_client(void) {
  pthread_t client;
  if (!launch(&client, work, NULL))
    pthread_detach(client);
}

static int begin(void) {
  pthread_t begun, short_lived, bare;
  pthread_attr_t detached;
  pthread_attr_init(&detached);
  pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
  if (pthread_create(&begun, NULL, work, NULL))
    return -1;
  kept = begun;
  if (pthread_create(&short_lived, NULL, leaves, NULL))
    return -1;
  return pthread_create(&bare, &detached, work, NULL);
}

int main(int count, char **arguments) {
  struct reader reader = {count > 1 ? arguments[1] : "", 0};
  if (begin() || pthread_create(&logger, NULL, work, NULL))
    return 1;
  if (read_item(&reader))
    return 2;
  pool_start(&pool);
  while (accept(0, NULL, NULL) >= 0)
    on_client();
  pool_stop(&pool);
  pthread_join(kept, NULL);
  return 0;
}
