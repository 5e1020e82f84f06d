/* More are made only when the list of free ones has nothing to give: there are as many blocks as
 * were needed at one time. */
// mechanism: growth-refills
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MANY = 32 };

struct item {
  struct item *next;
  int connection;
};
struct block {
  struct block *next;
  struct item items[MANY];
};
struct buffer {
  struct buffer *next_free, *next_of_all;
  char text[64];
};
struct note {
  struct note *next;
  int connection;
};

static struct item *free_items;
static struct block *blocks;
static struct buffer *free_buffers, *all_buffers;
static struct item *waiting;
static struct note *notes;

static void make_more(void) {
  struct block *block = calloc(1, sizeof *block);
  if (!block)
    abort();
  block->next = blocks;
  blocks = block;
  for (int i = 0; i < MANY; i++) {
    block->items[i].next = free_items;
    free_items = &block->items[i];
  }
}

static struct item *take(struct item **list) {
  struct item *item = *list;
  if (item)
    *list = item->next;
  return item;
}

static struct item *get(void) {
  struct item *item = take(&free_items);
  if (!item) {
    make_more();
    item = take(&free_items);
  }
  return item;
}

static void put(struct item *item) {
  item->next = free_items;
  free_items = item;
}

/* Without helpers. */
static struct buffer *get_buffer(void) {
  struct buffer *buffer = free_buffers;
  if (buffer) {
    free_buffers = buffer->next_free;
  } else {
    buffer = calloc(1, sizeof *buffer);
    if (!buffer)
      abort();
    buffer->next_of_all = all_buffers;
    all_buffers = buffer;
  }
  return buffer;
}

static void put_buffer(struct buffer *buffer) {
  buffer->next_free = free_buffers;
  free_buffers = buffer;
}

static void queue(int connection) {
  struct item *item = get();
  item->connection = connection;
  item->next = waiting;
  waiting = item;
}

/* That nothing waits is written down, each time: nothing comes in its place. */
static void work(int connection) {
  struct item *item = take(&waiting);
  if (!item) {
    struct note *note = calloc(1, sizeof *note);
    if (!note)
      return;
    note->connection = connection;
    note->next = notes;
    notes = note; // expect: growth-unbounded "nothing takes any out"
    return;
  }
  close(item->connection);
  put(item);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    struct buffer *buffer = get_buffer();
    if (read(connection, buffer->text, sizeof buffer->text) > 0)
      queue(connection);
    put_buffer(buffer);
    work(connection);
  }
}
