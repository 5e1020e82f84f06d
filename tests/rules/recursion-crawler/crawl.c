/* A crawler that follows every link it finds, next to one that stops at a depth and one that keeps
 * what it has to visit in a queue of fixed size.
 *
 * Known gap: the links are what load_page() has read, and are told as a tree that is walked. */
#include "page.h"
#include <string.h>

int crawl(const char *address) {
  struct page *page = load_page(address);
  int count = 1;
  if (!page)
    return 0;
  for (int i = 0; i < page->link_count; i++)
    count += crawl(page->links[i]->address); // expect-miss: recursion-unbounded
  free_page(page);
  return count;
}

int crawl_to_depth(const char *address, int depth) {
  if (depth >= DEEPEST)
    return 0;
  struct page *page = load_page(address);
  int count = 1;
  if (!page)
    return 0;
  for (int i = 0; i < page->link_count; i++)
    count += crawl_to_depth(page->links[i]->address, depth + 1);
  free_page(page);
  return count;
}

int crawl_by_queue(const char *address) {
  static char queue[QUEUE_SIZE][128];
  int first = 0, last = 0;
  strncpy(queue[last++], address, 127);
  while (first < last) {
    struct page *page = load_page(queue[first++]);
    if (!page)
      continue;
    for (int i = 0; i < page->link_count && last < QUEUE_SIZE; i++)
      strncpy(queue[last++], page->links[i]->address, 127);
    free_page(page);
  }
  return last;
}
