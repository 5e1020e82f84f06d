#include "page.h"
#include <stdio.h>
#include <stdlib.h>

struct page *load_page(const char *address) {
  FILE *file = fopen(address, "r");
  if (!file)
    return NULL;
  struct page *page = calloc(1, sizeof(*page));
  while (page && page->link_count < 16) {
    struct page *link = calloc(1, sizeof(*link));
    if (!link || !fgets(link->address, sizeof(link->address), file)) {
      free(link);
      break;
    }
    page->links[page->link_count++] = link;
  }
  fclose(file);
  return page;
}

void free_page(struct page *page) {
  for (int i = 0; i < page->link_count; i++)
    free(page->links[i]);
  free(page);
}
