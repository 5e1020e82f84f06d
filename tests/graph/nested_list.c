#include "nested.h"

int read_list(struct reader *reader) {
  reader->at++;
  while (*reader->at && *reader->at != ']')
    if (read_item(reader))
      return -1;
  return 0;
}

int read_pairs(struct reader *reader) {
  reader->at++;
  while (*reader->at && *reader->at != '}')
    if (read_item(reader) || *reader->at++ != ':' || read_item(reader))
      return -1;
  return 0;
}
