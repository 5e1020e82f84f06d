/* Containers of GLib, by their models: what is put in, and what takes it out again. */
#include <sys/socket.h>
#include <unistd.h>

typedef int gboolean;
typedef unsigned guint;
typedef struct _GHashTable GHashTable;
typedef struct _GList {
  void *data;
  struct _GList *next, *prev;
} GList;
typedef struct _GSList GSList;
typedef struct _GQueue GQueue;
typedef struct _GPtrArray GPtrArray;
typedef struct _GAsyncQueue GAsyncQueue;
typedef struct _GString GString;

GHashTable *g_hash_table_new(guint (*hash)(const void *), gboolean (*equal)(const void *, const void *));
gboolean g_hash_table_insert(GHashTable *table, void *key, void *value);
gboolean g_hash_table_remove(GHashTable *table, const void *key);
guint g_hash_table_foreach_remove(GHashTable *table, gboolean (*f)(void *, void *, void *), void *data);
GList *g_list_append(GList *list, void *data);
GList *g_list_prepend(GList *list, void *data);
GList *g_list_delete_link(GList *list, GList *link);
GSList *g_slist_prepend(GSList *list, void *data);
GSList *g_slist_remove(GSList *list, const void *data);
GQueue *g_queue_new(void);
void g_queue_push_tail(GQueue *queue, void *data);
void *g_queue_pop_head(GQueue *queue);
GPtrArray *g_ptr_array_new(void);
void g_ptr_array_add(GPtrArray *array, void *data);
void *g_ptr_array_remove_index(GPtrArray *array, guint index);
GAsyncQueue *g_async_queue_new(void);
void g_async_queue_push(GAsyncQueue *queue, void *data);
void *g_async_queue_pop(GAsyncQueue *queue);
GString *g_string_new(const char *text);
GString *g_string_append(GString *string, const char *text);
GString *g_string_truncate(GString *string, unsigned long length);
char *g_strdup_printf(const char *format, ...);

static GHashTable *users, *guests, *leases;
static GList *lines, *errors, *tasks;
static GSList *names, *tags;
static GQueue *waiting, *failed;
static GPtrArray *visits, *stack;
static GAsyncQueue *requests, *trace;
static GString *transcript, *line;

static gboolean is_over(void *key, void *value, void *now) {
  (void)key;
  return *(long *)value < *(long *)now;
}

static void put(char *name) {
  g_hash_table_insert(users, name, name); // expect: growth-unbounded "'users'"
  g_hash_table_insert(guests, name, name);
  g_hash_table_insert(leases, name, name);
  lines = g_list_append(lines, name); // expect: growth-unbounded "'lines'"
  errors = g_list_prepend(errors, name); // expect: growth-unbounded "'errors'"
  tasks = g_list_append(tasks, name);
  names = g_slist_prepend(names, name); // expect: growth-unbounded "'names'"
  tags = g_slist_prepend(tags, name);
  g_queue_push_tail(waiting, name);
  g_queue_push_tail(failed, name); // expect: growth-unbounded "'failed'"
  g_ptr_array_add(visits, name); // expect: growth-unbounded "'visits'"
  g_ptr_array_add(stack, name);
  g_async_queue_push(requests, name);
  g_async_queue_push(trace, name); // expect: growth-unbounded "'trace'"
  g_string_append(transcript, name); // expect: growth-unbounded "'transcript'"
  g_string_append(line, name);
}

static void take(char *name) {
  long now = 0;
  g_hash_table_remove(guests, name);
  g_hash_table_foreach_remove(leases, is_over, &now);
  tasks = g_list_delete_link(tasks, tasks);
  tags = g_slist_remove(tags, name);
  g_queue_pop_head(waiting);
  g_ptr_array_remove_index(stack, 0);
  g_async_queue_pop(requests);
  g_string_truncate(line, 0);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  users = g_hash_table_new(NULL, NULL);
  guests = g_hash_table_new(NULL, NULL);
  leases = g_hash_table_new(NULL, NULL);
  waiting = g_queue_new();
  failed = g_queue_new();
  visits = g_ptr_array_new();
  stack = g_ptr_array_new();
  requests = g_async_queue_new();
  trace = g_async_queue_new();
  transcript = g_string_new("");
  line = g_string_new("");
  for (;;) {
    int peer = accept(listener, NULL, NULL);
    char *name = g_strdup_printf("%d", peer);
    put(name);
    take(name);
    close(peer);
  }
}
