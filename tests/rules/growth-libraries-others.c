/* Containers of libraries by their models: APR, whose arrays lie in pools; libuv's queue, whose
 * links are an array of two; trees whose parent is a number; PostgreSQL's hash, where the action is
 * an argument. */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct apr_pool_t apr_pool_t;
typedef struct apr_array_header_t apr_array_header_t;
typedef struct apr_hash_t apr_hash_t;
typedef struct apr_table_t apr_table_t;
int apr_pool_create_ex(apr_pool_t **made, apr_pool_t *parent, void *failed, void *allocator);
void apr_pool_clear(apr_pool_t *pool);
void *apr_palloc(apr_pool_t *pool, size_t size);
apr_array_header_t *apr_array_make(apr_pool_t *pool, int room, int size);
void *apr_array_push(apr_array_header_t *array);
void *apr_array_pop(apr_array_header_t *array);
apr_hash_t *apr_hash_make(apr_pool_t *pool);
void apr_hash_set(apr_hash_t *hash, const void *key, long length, const void *value);
apr_table_t *apr_table_make(apr_pool_t *pool, int room);
void apr_table_add(apr_table_t *table, const char *key, const char *value);

typedef void *QUEUE[2];
#define QUEUE_NEXT(q) (*(QUEUE **)&((*(q))[0]))
#define QUEUE_PREV(q) (*(QUEUE **)&((*(q))[1]))
#define QUEUE_PREV_NEXT(q) (QUEUE_NEXT(QUEUE_PREV(q)))
#define QUEUE_NEXT_PREV(q) (QUEUE_PREV(QUEUE_NEXT(q)))
#define QUEUE_INIT(q) (QUEUE_NEXT(q) = QUEUE_PREV(q) = (q))
#define QUEUE_PUT(h, q)                                                                            \
  (QUEUE_NEXT(q) = (h), QUEUE_PREV(q) = QUEUE_PREV(h), QUEUE_PREV_NEXT(q) = (q),                   \
   QUEUE_PREV(h) = (q))
#define QUEUE_CUT(q) (QUEUE_PREV_NEXT(q) = QUEUE_NEXT(q), QUEUE_NEXT_PREV(q) = QUEUE_PREV(q))

typedef struct HTAB HTAB;
typedef enum { HASH_FIND, HASH_ENTER, HASH_REMOVE, HASH_ENTER_NULL } HASHACTION;
HTAB *hash_create(const char *name, long room, const void *info, int flags);
void *hash_search(HTAB *table, const void *key, HASHACTION action, _Bool *found);
void hash_destroy(HTAB *table);

struct avltree_node {
  struct avltree_node *left, *right;
  unsigned long parent; // and the balance
};
struct avltree {
  struct avltree_node *root;
  unsigned long size;
};
struct avltree_node *avltree_insert(struct avltree_node *node, struct avltree *tree);
void avltree_remove(struct avltree_node *node, struct avltree *tree);

struct user {
  int peer;
  struct avltree_node node;
};

static struct avltree known_users, present_users;

static void serve_with_trees(int peer) {
  struct user *user = calloc(1, sizeof *user), *present = calloc(1, sizeof *present);
  if (!user || !present)
    abort();
  user->peer = present->peer = peer;
  avltree_insert(&user->node, &known_users); // expect: growth-unbounded "'known_users'"
  avltree_insert(&present->node, &present_users);
  write(peer, "hello", 5);
  avltree_remove(&present->node, &present_users);
  free(present);
}

struct work {
  int peer;
  QUEUE link;
};

struct trace {
  int peer;
  QUEUE link;
};

static apr_pool_t *lasting, *passing;
static apr_array_header_t *vhosts, *stack;
static apr_hash_t *users;
static QUEUE queue, traces;
static HTAB *plans, *portals, *rounds;

static void serve_with_apr(int peer) {
  apr_table_t *headers = apr_table_make(passing, 8);
  apr_array_header_t *parts = apr_array_make(passing, 8, sizeof(int));
  apr_table_add(headers, "Host", "here");
  *(int *)apr_array_push(parts) = peer;
  *(int *)apr_array_push(vhosts) = peer; // expect: growth-unbounded "'vhosts'"
  *(int *)apr_array_push(stack) = peer;
  apr_array_pop(stack);
  int *key = apr_palloc(lasting, sizeof *key);
  *key = peer;
  apr_hash_set(users, key, sizeof *key, key); // expect-miss: growth-unbounded "'users'"
  apr_pool_clear(passing);
}

static void serve_with_queue(int peer) {
  struct work *work = calloc(1, sizeof *work);
  struct trace *trace = calloc(1, sizeof *trace);
  if (!work || !trace)
    abort();
  work->peer = trace->peer = peer;
  QUEUE_PUT(&queue, &work->link);
  QUEUE_PUT(&traces, &trace->link); // expect-miss: growth-unbounded "'traces'"
  QUEUE *first = QUEUE_NEXT(&queue);
  QUEUE_CUT(first);
}

static void serve_with_hash(int peer) {
  _Bool found;
  hash_search(plans, &peer, HASH_ENTER, &found); // expect: growth-unbounded "'plans'"
  hash_search(portals, &peer, HASH_ENTER, &found);
  hash_search(portals, &peer, HASH_REMOVE, NULL);
  if (!rounds)
    rounds = hash_create("rounds", 16, NULL, 0);
  hash_search(rounds, &peer, HASH_ENTER, &found);
  hash_search(plans, &peer, HASH_FIND, NULL);
  hash_destroy(rounds);
  rounds = NULL;
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  apr_pool_create_ex(&lasting, NULL, NULL, NULL);
  apr_pool_create_ex(&passing, lasting, NULL, NULL);
  vhosts = apr_array_make(lasting, 8, sizeof(int));
  stack = apr_array_make(lasting, 8, sizeof(int));
  users = apr_hash_make(lasting);
  QUEUE_INIT(&queue);
  QUEUE_INIT(&traces);
  plans = hash_create("plans", 16, NULL, 0);
  portals = hash_create("portals", 16, NULL, 0);
  for (;;) {
    int peer = accept(listener, NULL, NULL);
    serve_with_trees(peer);
    serve_with_apr(peer);
    serve_with_queue(peer);
    serve_with_hash(peer);
    close(peer);
  }
}
