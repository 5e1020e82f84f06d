/* A lock that is handed on with what was found, when something was: the caller's variable says
 * whether. */
// mechanism: output-tells
#include <pthread.h>
#include <string.h>

enum { KEY = 8, PLACES = 3, ROWS = 11 };

struct session {
  int key[KEY];
  long stamp;
};
struct row {
  int next, total, broken;
  struct session sessions[PLACES];
};

static struct row rows[ROWS];
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

int find_locked(const int *key, struct session **found) {
  *found = NULL;
  struct row *row = &rows[(unsigned)key[0] % ROWS];
  if (pthread_mutex_lock(&gate) != 0)
    return -1;
  int place = row->next;
  for (int left = row->total < PLACES ? row->total : PLACES; left > 0; left--) {
    struct session *session = &row->sessions[place];
    if (memcmp(session->key, key, sizeof session->key) == 0) {
      *found = session;
      break;
    }
    place = place > 0 ? place - 1 : PLACES - 1;
  }
  if (*found == NULL)
    pthread_mutex_unlock(&gate);
  return 0;
}

long stamp_of(const int *key) {
  struct session *session;
  long stamp = -1;
  if (find_locked(key, &session) == 0 && session) {
    stamp = session->stamp;
    pthread_mutex_unlock(&gate);
  }
  return stamp;
}

int find_wrong(const int *key, struct session **found) {
  *found = NULL;
  struct row *row = &rows[(unsigned)key[0] % ROWS];
  if (pthread_mutex_lock(&gate) != 0)
    return -1;
  if (row->broken)
    return 0; // expect: lock-leak "'gate' is still held when 'find_wrong' returns here"
  for (int place = 0; place < row->total; place++)
    if (memcmp(row->sessions[place].key, key, sizeof row->sessions[place].key) == 0) {
      *found = &row->sessions[place];
      break;
    }
  if (*found == NULL)
    pthread_mutex_unlock(&gate);
  return 0;
}

/* What is there already tells nothing. */
int first_key(struct row **which) {
  pthread_mutex_lock(&gate);
  if (*which == NULL)
    return -2; // expect: lock-leak "'gate' is still held when 'first_key' returns here"
  int key = (*which)->sessions[0].key[0];
  pthread_mutex_unlock(&gate);
  return key;
}
