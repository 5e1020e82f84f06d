/* The only callers of pool_reserve: neither ever releases. */
#include "pool.h"
#include <stdlib.h>

bool release_connection(struct pool *pool, int id);
int first_id(struct pool *pool);
int second_id_never_releases(struct pool *pool);
int third_id(struct pool *pool);

static struct pool clients = {.mutex = PTHREAD_MUTEX_INITIALIZER};
static struct pool servers = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void reserve_client(void) { pool_reserve(&clients); }
static void reserve_server(void) { pool_reserve(&servers); }

int main(int argc, char **argv) {
  int id = argc > 1 ? atoi(argv[1]) : 0;
  if (!release_connection(&clients, id) && first_id(&servers) == id)
    return third_id(&servers);
  if (id == 1)
    second_id_never_releases(&servers);
  else if (id == 2)
    reserve_client();
  else
    reserve_server();
  exit(0);
}
