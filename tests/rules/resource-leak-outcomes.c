/* What a callee keeps when it succeeds, and leaves to its caller when it does not: the result says
 * which.
 */
// mechanism: kept-on-success
// mechanism: result-in-bounds
// mechanism: outcome-ignored
// mechanism: borrowed
// mechanism: other-flags
// mechanism: refused-for-null
// mechanism: record-asked
// mechanism: number-beside
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct node {
  int key;
  char *name;
  struct node *next;
};

struct table {
  struct node *at[8];
  int count;
  int fds[8];
  int fd_count;
  struct node *first;
};

static int insert(struct table *t, struct node *n) {
  if (t->count == 8)
    return -1;
  t->at[t->count++] = n;
  return 0;
}

static int push(struct table *t, struct node *n) {
  int result = -1;
  for (struct node *i = t->first; i; i = i->next)
    if (i->key == n->key)
      goto out;
  n->next = t->first;
  t->first = n;
  result = 0;
out:
  return result;
}

static bool watch(struct table *t, int fd) {
  if (t->fd_count >= 8)
    return false;
  t->fds[t->fd_count++] = fd;
  return true;
}

static int insert_named(struct table *t, struct node *n) {
  if (!n->name)
    return -2;
  return insert(t, n);
}

/* Takes it in any case. */
static int insert_or_free(struct table *t, struct node *n) {
  if (t->count == 8) {
    free(n);
    return -1;
  }
  t->at[t->count++] = n;
  return 0;
}

int add(struct table *t, int key) {
  struct node *n = malloc(sizeof *n); // note: "opened by 'malloc' here"
  if (!n)
    return -1;
  n->key = key;
  if (insert(t, n) < 0) // note: "'insert' keeps it in another outcome"
    return -1; // expect: resource-leak "the memory 'n' is not freed when 'add' returns here"
  return 0;
}

int add_right(struct table *t, int key) {
  struct node *n = malloc(sizeof *n);
  if (!n)
    return -1;
  n->key = key;
  if (insert(t, n) < 0) {
    free(n);
    return -1;
  }
  return 0;
}

int add_to_list(struct table *t, int key) {
  struct node *n = malloc(sizeof *n);
  if (!n)
    return -1;
  n->key = key;
  int result = push(t, n);
  if (result)
    return result; // expect: resource-leak "the memory 'n' is not freed"
  return 0;
}

int add_to_list_right(struct table *t, int key) {
  struct node *n = malloc(sizeof *n);
  if (!n)
    return -1;
  n->key = key;
  int result = push(t, n);
  if (result)
    free(n);
  return result;
}

int watch_file(struct table *t, const char *path) {
  int fd = open(path, O_RDONLY);
  if (fd < 0)
    return -1;
  if (!watch(t, fd))
    return -1; // expect: resource-leak "the descriptor 'fd' is not closed"
  return 0;
}

int watch_file_right(struct table *t, const char *path) {
  int fd = open(path, O_RDONLY);
  if (fd < 0)
    return -1;
  if (!watch(t, fd)) {
    close(fd);
    return -1;
  }
  return 0;
}

int add_named(struct table *t, const char *name) {
  struct node *n = calloc(1, sizeof *n);
  if (!n)
    return -1;
  n->name = (char *)name;
  if (insert_named(t, n))
    return -1; // expect: resource-leak "the memory 'n' is not freed"
  return 0;
}

int add_in_any_case(struct table *t, int key) {
  struct node *n = malloc(sizeof *n);
  if (!n)
    return -1;
  n->key = key;
  if (insert_or_free(t, n) < 0)
    return -1;
  return 0;
}

/* Nobody asks whether it was kept: there is always room. */
int add_first(struct table *t, int key) {
  struct node *n = malloc(sizeof *n);
  if (!n)
    return -1;
  n->key = key;
  insert(t, n);
  return 0;
}

/* ---- found or made: who is not in the table yet was made here */

struct node *find(struct table *t, int key);
bool is_empty(struct table *t, int key);

int add_once(struct table *t, int key) {
  struct node *n = find(t, key);
  if (!n)
    n = calloc(1, sizeof *n);
  if (!n)
    return -1;
  if (insert(t, n) < 0) {
    if (is_empty(t, key))
      free(n);
    return -1;
  }
  return 0;
}

int add_made(struct table *t, int key) {
  struct node *n = calloc(1, sizeof *n);
  if (!n)
    return -1;
  if (insert(t, n) < 0) {
    if (is_empty(t, key))
      free(n);
    return -1; // expect: resource-leak "the memory 'n' is not freed"
  }
  return 0;
}

/* A flag that is set wherever it came from says no more of that. */
int replace_in(struct table *t, int key, bool force) {
  int done = 0;
  if (force)
    done = 1;
  struct node *n = find(t, key);
  if (!n) {
    n = calloc(1, sizeof *n);
    if (!n)
      return -1;
  }
  if (is_empty(t, n->key))
    done = 1;
  if (done == 0)
    return -1; // expect: resource-leak@likely "the memory 'n' is not freed"
  free(n);
  return 0;
}

int replace_own(struct table *t, int key) {
  int made = 0;
  struct node *n = find(t, key);
  if (!n) {
    n = calloc(1, sizeof *n);
    if (!n)
      return -1;
    if (is_empty(t, key))
      made = 1;
  }
  if (made == 0)
    return -1;
  free(n);
  return 0;
}

int replace_others(struct table *t, int key) {
  int made = 1;
  struct node *n = find(t, key);
  if (n)
    made = 0;
  else
    n = calloc(1, sizeof *n);
  if (!n)
    return -1;
  if (made)
    free(n);
  return 0;
}

/* ---- refused only where there is no list at all */

struct list {
  struct node *first;
};

static bool list_push(struct list *l, struct node *n) {
  if (!l)
    return false;
  n->next = l->first;
  l->first = n;
  return true;
}

bool list_add(struct table *t, struct list **lists, int key) {
  struct node *n = malloc(sizeof *n);
  if (!n)
    return false;
  n->key = key;
  return list_push(lists[t->count], n);
}

bool list_add_asked(struct table *t, struct list **lists, int key) {
  struct node *n = malloc(sizeof *n);
  if (!n)
    return false;
  n->key = key;
  if (!list_push(lists[t->count], n))
    return false; // expect: resource-leak@likely "the memory 'n' is not freed"
  return true;
}

int table_add(struct table *t, int key) {
  struct node *n = malloc(sizeof *n);
  if (!n)
    return -1;
  n->key = key;
  return insert(t, n); // expect: resource-leak@likely "the memory 'n' is not freed"
}

/* ---- a record by value is asked whether there is something in it */

struct text {
  char *start;
  size_t length;
};

struct message {
  struct text text;
};

static bool has_text(const struct text text) { return text.start != NULL; }

struct message *make_message(const char *from) {
  struct message *m = calloc(1, sizeof *m);
  if (!m)
    return NULL;
  char *copy = strdup(from);
  m->text = (struct text){.start = copy, .length = copy ? strlen(copy) : 0};
  if (!has_text(m->text)) {
    free(m);
    return NULL;
  }
  return m;
}

struct message *make_long_message(const char *from) {
  struct message *m = calloc(1, sizeof *m);
  if (!m)
    return NULL;
  char *copy = strdup(from);
  m->text = (struct text){.start = copy, .length = copy ? strlen(copy) : 0};
  if (m->text.length < 8) {
    free(m);
    return NULL; // expect: resource-leak "the memory 'copy' is not freed"
  }
  return m;
}

/* ---- a number beside the pointer says whether there is something */

static struct text clone_text(struct text from) {
  char *copy = malloc(from.length);
  if (copy)
    memcpy(copy, from.start, from.length);
  struct text text = {copy, from.length};
  return text;
}

void send_text(const char *start, size_t length);

int send_copy(struct text from) {
  struct text text = clone_text(from);
  if (!text.length)
    return -1;
  send_text(text.start, text.length);
  free(text.start);
  return 0;
}

int send_long_copy(struct text from, bool quiet) {
  struct text text = clone_text(from);
  if (!text.length)
    return -1;
  if (quiet)
    return -2; // expect: resource-leak "the memory 'text' is not freed"
  send_text(text.start, text.length);
  free(text.start);
  return 0;
}
