#include "desk.h"

#include <stdlib.h>

struct book {
  int count;
  struct shelf *shelf;
};

struct book *book_ref(struct book *book) {
  book->count++;
  return book;
}

void book_unref(struct book *book) {
  if (--book->count == 0)
    free(book);
}

void book_place(struct book *book, struct shelf *shelf) { book->shelf = shelf; }
