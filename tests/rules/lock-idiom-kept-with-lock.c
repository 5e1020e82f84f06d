/* A lock of an object that this way out alone leaves in a record of the caller's: whoever owns the
 * record gives it back, with all the others that are in it. That may be so, or be forgotten. */
// mechanism: kept-with-lock
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct page {
  pthread_mutex_t lock;
  int index;
};

struct entry {
  struct page *page;
  struct entry *next;
};

struct set {
  struct entry *last;
  struct entry *entries;
};

struct page *find_page(int index);
struct entry *find_entry(struct set *set, int index);

static struct entry *entry_new(struct page *page) {
  struct entry *entry = calloc(1, sizeof *entry);
  if (!entry)
    abort();
  entry->page = page;
  return entry;
}

bool add(struct set *set, int index) {
  if (find_entry(set, index))
    return false;
  struct page *page = find_page(index);
  if (!page)
    return false;
  struct entry *entry = entry_new(page);
  if (!set->last || index > set->last->page->index) {
    set->last = entry;
    pthread_mutex_lock(&entry->page->lock);
    return false;
  }
  entry->next = set->entries;
  set->entries = entry;
  bool busy = pthread_mutex_trylock(&entry->page->lock) != 0;
  return busy;
}

/* The twin: it is left there on both ways, and the one forgets the lock. */
int add_checked(struct set *set, int index) {
  struct page *page = find_page(index);
  struct entry *entry = entry_new(page);
  set->last = entry;
  pthread_mutex_lock(&entry->page->lock); // note: "acquired here"
  if (page->index < index)
    return 0; // expect: lock-leak@likely "'entry->page->lock' is still held when 'add_checked' returns here"
  pthread_mutex_unlock(&entry->page->lock);
  return 0;
}
