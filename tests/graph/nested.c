/* One cycle over two files and with two ways back, one of a thread, one that is bounded. */
#include "nested.h"
#include <stdio.h>
#include <stdlib.h>

int read_item(struct reader *reader) {
  switch (*reader->at) {
  case '[':
    return read_list(reader);
  case '{':
    return read_pairs(reader);
  case '(':
    return read_few(reader);
  }
  return *reader->at++ == 0;
}

int read_few(struct reader *reader) {
  int bad = 0;
  if (++reader->depth > 20)
    return -1;
  reader->at++;
  while (!bad && *reader->at == '(')
    bad = read_few(reader);
  reader->depth--;
  return bad;
}

void drop_links(struct link *first) {
  if (!first)
    return;
  drop_links(first->next);
  free(first);
}

struct link *read_links(FILE *file) {
  struct link *first = NULL, *link;
  while (fgetc(file) != EOF && (link = malloc(sizeof(*link)))) {
    link->next = first;
    first = link;
  }
  return first;
}
