/* Lists of one kind, in a program that also takes elements out of such lists without saying of which:
 * those are some other ones, as far as a reader can see, but that is not sure enough for more than
 * info. A list is not emptied by who frees a list that one of its elements keeps; a table is not
 * emptied by who moves all of it into a larger one. What is replaced with its owner is told at info,
 * too. */
// run: --min-confidence info
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct node {
  struct node *next;
  void *value;
};

typedef struct {
  struct node *first;
  void (*release)(void *value);
  unsigned long length;
} Row;

struct pair {
  struct pair *next;
  unsigned long key;
};

typedef struct {
  struct pair **tables[2];
  unsigned long room[2], used[2];
  long moved; /* buckets of the first half that are in the second one, or -1 */
} Table;

struct guest {
  unsigned long number;
  Row *orders;
};

static Row *guests, *dishes, *waiting, *rows[2];
static Table *names, *taken, *menu;

static void *get(size_t size) {
  void *block = calloc(1, size);
  if (!block)
    abort();
  return block;
}

static void row_add(Row *row, void *value) {
  struct node *node = get(sizeof *node);
  node->value = value;
  node->next = row->first;
  row->first = node;
  row->length++;
}

static void *row_take(Row *row) {
  struct node *node = row->first;
  void *value = node ? node->value : NULL;
  if (node) {
    row->first = node->next;
    if (row->release)
      row->release(value); // expect: recursion-unbounded "calls come back to 'guest_free' here"
    free(node);
  }
  return value;
}

static void row_clear(Row *row) {
  while (row->first)
    row_take(row);
}

static void guest_free(void *given) {
  struct guest *guest = given;
  row_clear(guest->orders);
  free(guest->orders);
  free(guest);
}

static Row *row_new(void (*release)(void *)) {
  Row *row = get(sizeof *row);
  row->release = release;
  return row;
}

static Table *table_new(void) {
  Table *table = get(sizeof *table);
  table->moved = -1;
  table->room[0] = 16;
  table->tables[0] = get(16 * sizeof *table->tables[0]);
  return table;
}

static void half_forget(Table *table, int half) {
  table->tables[half] = NULL;
  table->room[half] = table->used[half] = 0;
}

static void table_move(Table *table) {
  struct pair *next;
  while (table->tables[0][table->moved] == NULL)
    table->moved++;
  for (struct pair *pair = table->tables[0][table->moved]; pair; pair = next) {
    unsigned long at = pair->key % table->room[1];
    next = pair->next;
    pair->next = table->tables[1][at];
    table->tables[1][at] = pair;
    table->used[0]--;
    table->used[1]++;
  }
  table->tables[0][table->moved++] = NULL;
  if (table->used[0] == 0) {
    free(table->tables[0]);
    table->tables[0] = table->tables[1];
    table->room[0] = table->room[1];
    table->used[0] = table->used[1];
    half_forget(table, 1);
    table->moved = -1;
  }
}

static void table_add(Table *table, unsigned long key) {
  if (table->moved >= 0)
    table_move(table);
  int half = table->moved >= 0;
  struct pair *pair = get(sizeof *pair);
  pair->key = key;
  pair->next = table->tables[half][key % table->room[half]];
  table->tables[half][key % table->room[half]] = pair;
  table->used[half]++;
}

static void table_cut(Table *table, unsigned long key) {
  struct pair **at = &table->tables[0][key % table->room[0]];
  while (*at && (*at)->key != key)
    at = &(*at)->next;
  if (*at) {
    struct pair *old = *at;
    *at = old->next;
    free(old);
  }
}

static void menu_change(void) {
  menu = table_new();
}

static void come(unsigned long number) {
  struct guest *guest = get(sizeof *guest);
  guest->number = number;
  guest->orders = row_new(NULL);
  row_add(guests, guest); // expect: growth-unbounded@info "'guests'"
  row_add(waiting, guest);
  row_add(dishes, get(1)); // expect: growth-unbounded@info "'dishes'"
  table_add(names, number); // expect: growth-unbounded@likely "'names'"
  table_add(taken, number);
  table_add(menu, number); // expect: growth-unbounded@info "'menu'"
}

static Row *row_by_name(unsigned long name) { return rows[name & 1]; }

static void leave(unsigned long number) {
  guest_free(row_take(waiting));
  row_take(row_by_name(number));
  table_cut(taken, number);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  guests = row_new(guest_free);
  dishes = row_new(free);
  waiting = row_new(NULL);
  rows[0] = guests;
  rows[1] = dishes;
  names = table_new();
  taken = table_new();
  menu_change();
  for (unsigned long number = 0;; number++) {
    int socket = accept(listener, NULL, NULL);
    come(number);
    leave(number);
    if (number % 1000 == 0)
      menu_change();
    close(socket);
  }
}
