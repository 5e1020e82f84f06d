#include "desk.h"

#include <stdlib.h>

struct shelf {
  int count;
  struct book *first;
};

struct shelf *shelf_ref(struct shelf *shelf) {
  shelf->count++;
  return shelf;
}

void shelf_unref(struct shelf *shelf) {
  if (--shelf->count > 0)
    return;
  if (shelf->first)
    book_unref(shelf->first);
  free(shelf);
}

void shelf_add(struct shelf *shelf, struct book *book) {
  shelf->first = book_ref(book);
  book_place(book, shelf);
}
