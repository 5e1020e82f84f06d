// What is put into a container of a library, or stored by an atomic operation, is theirs from then
// on; a vector of strings that was made piece by piece is given back with all of them.
#include <stdbool.h>
#include <stdlib.h>

typedef void *gpointer;
typedef struct _GTree GTree;
typedef struct _GList GList;
typedef struct _GSList GSList;
typedef struct { char *data; unsigned len; } GArray;
void g_tree_insert(GTree *tree, gpointer key, gpointer value);
GList *g_list_prepend(GList *list, gpointer data);
GSList *g_slist_insert_sorted(GSList *list, gpointer data, int (*compare)(const void *, const void *));
GArray *g_array_append_vals(GArray *array, const void *data, unsigned count);
void *g_malloc0_n(size_t count, size_t size);
char *g_strdup(const char *text);
void g_strfreev(char **strings);
int run(char **arguments);

struct range {
  long low, high;
};
struct file {
  char *name;
  int number;
};
struct handler {
  int number;
  struct handler *next;
};

static struct handler *handlers;

static bool is_bad(long low) { return low < 0; }

int insert(GTree *tree, long low) {
  struct range *key = malloc(sizeof *key), *value = malloc(sizeof *value);
  if (!key || !value)
    abort();
  key->low = low;
  if (is_bad(low)) {
    free(value);
    return -1; // expect: resource-leak "'key'"
  }
  g_tree_insert(tree, key, value);
  return 0;
}

GList *add(GList *list, long low) {
  struct range *one = malloc(sizeof *one);
  if (!one)
    abort();
  one->low = low;
  if (is_bad(low)) {
    free(one);
    return list;
  }
  return g_list_prepend(list, one);
}

void append(GArray *files, const char *name, int number) {
  struct file file = {g_strdup(name), number};
  if (number < 0) {
    free(file.name);
    return;
  }
  g_array_append_vals(files, &file, 1);
}

int set_handler(int number) {
  struct handler *handler = malloc(sizeof *handler);
  if (!handler)
    return -1;
  if (is_bad(number)) {
    free(handler);
    return -1;
  }
  handler->number = number;
  handler->next = handlers;
  __atomic_store_n(&handlers, handler, __ATOMIC_RELEASE);
  return 0;
}

int set_handler_but(int number) {
  struct handler *handler = malloc(sizeof *handler);
  if (!handler)
    return -1;
  handler->number = number;
  if (is_bad(number))
    return -1; // expect: resource-leak "'handler'"
  handler->next = handlers;
  __atomic_store_n(&handlers, handler, __ATOMIC_RELEASE);
  return 0;
}

int run_with(const char *name) {
  char **arguments = g_malloc0_n(3, sizeof *arguments);
  arguments[0] = g_strdup(name);
  int result = run(arguments);
  g_strfreev(arguments);
  return result;
}
