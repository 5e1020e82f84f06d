/* What is made in a region, which is a pool or another object, goes with that. When a new one takes
 * the place of the old one each time, and nobody gives that back, the region gets larger. */
// run: --min-confidence info
// mechanism: growth-forgotten
#include <stddef.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

void *talloc_named_const(const void *context, size_t size, const char *name);
void *_talloc_steal_loc(const void *context, const void *what, const char *location);
int _talloc_free(void *what, const char *location);
char *talloc_strdup(const void *context, const char *text);
#define talloc_free(what) _talloc_free(what, __FILE__)
#define talloc_steal(context, what)                                                                \
  ({                                                                                               \
    __typeof__(what) stolen = (__typeof__(what))_talloc_steal_loc(context, what, __FILE__);        \
    stolen;                                                                                        \
  })

struct request;
void *request_data(struct request *request);
void request_on_answer(struct request *request, void (*answered)(struct request *));

struct table {
  int count;
};

struct groups {
  time_t next_update;
  struct table *table, *freed_first, *freed_elsewhere, *made_once, *stolen, *given_back;
  char *name, *looked_at;
};

struct server {
  struct groups *groups, *current;
};

struct state {
  struct server *server;
  struct groups *groups;
  int used;
};

static int table_make(const void *context, int count, struct table **made) {
  struct table *table = talloc_named_const(NULL, sizeof *table, "table");
  if (!table)
    return -1;
  table->count = count;
  *made = talloc_steal(context, table);
  return 0;
}

static int groups_make(const void *context, int count, struct table **made) {
  struct table *table = NULL;
  int result = table_make(context, count, &table);
  if (result)
    talloc_free(table);
  else
    *made = table;
  return result;
}

static void groups_answered(struct request *request) {
  struct state *state = request_data(request);
  struct table *table;
  if (groups_make(state->server->groups, 3, &table)) // note: made here, to live as long as
    return;
  state->server->groups->table = table; // expect: growth-unbounded "'server->groups->table' gets a new one each time"
  state->server->groups->next_update = time(NULL) + 10;
}

// By another name of the object.
static void names_answered(struct request *request) {
  struct state *state = request_data(request);
  state->groups = state->server->current;
  struct server *server = state->server;
  server->groups->name = talloc_strdup(server->groups, "x"); // expect: growth-unbounded "'server->groups->name'"
}

static void made_in_place(struct request *request) {
  struct state *state = request_data(request);
  groups_make(state->server->groups, 3, &state->server->groups->stolen); // expect: growth-unbounded "'server->groups->stolen'"
}

// ---- the old one is given back, or looked at

static void freed_first(struct request *request) {
  struct state *state = request_data(request);
  struct table *table;
  if (groups_make(state, 3, &table))
    return;
  talloc_free(state->server->groups->freed_first);
  state->server->groups->freed_first = talloc_steal(state->server->groups, table);
}

static void looked_at(struct request *request) {
  struct state *state = request_data(request);
  if (!state->server->groups->looked_at)
    state->server->groups->looked_at = talloc_strdup(state->server->groups, "x");
}

static void expired(struct request *request) {
  struct state *state = request_data(request);
  talloc_free(state->server->groups->freed_elsewhere);
  state->server->groups->freed_elsewhere = NULL;
}

static void freed_elsewhere(struct request *request) {
  struct state *state = request_data(request);
  groups_make(state->server->groups, 3, &state->server->groups->freed_elsewhere);
}

// ---- the object is new, or the request's own

static void new_object(struct request *request) {
  struct state *state = request_data(request);
  state->groups = talloc_named_const(state, sizeof *state->groups, "groups");
  if (state->groups)
    groups_make(state->groups, 3, &state->groups->given_back);
}

static void own_part(struct request *request) {
  struct state *state = request_data(request);
  state->groups = talloc_named_const(state, sizeof *state->groups, "groups");
}

static void make_once(struct server *server) {
  groups_make(server->groups, 3, &server->groups->made_once);
}

static void asked(struct request *request) {
  struct state *state = request_data(request);
  if (!state->server->groups->made_once)
    make_once(state->server);
}

// ---- pools, by their names

typedef struct apr_pool_t apr_pool_t;
char *apr_pstrdup(apr_pool_t *pool, const char *text);
void apr_pool_clear(apr_pool_t *pool);

static apr_pool_t *process_pool, *round_pool;
static char *last_peer, *peer_of_round;

static void peer_seen(const char *name) {
  last_peer = apr_pstrdup(process_pool, name); // expect: growth-unbounded "'last_peer' gets a new one each time, and the old one stays in 'process_pool'"
  peer_of_round = apr_pstrdup(round_pool, name);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct request *request = NULL;
  request_on_answer(request, groups_answered);
  request_on_answer(request, names_answered);
  request_on_answer(request, made_in_place);
  request_on_answer(request, freed_first);
  request_on_answer(request, looked_at);
  request_on_answer(request, expired);
  request_on_answer(request, freed_elsewhere);
  request_on_answer(request, new_object);
  request_on_answer(request, own_part);
  request_on_answer(request, asked);
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    peer_seen("peer");
    apr_pool_clear(round_pool);
    close(connection);
  }
}
