#include "config.h"

int main(int count, char **arguments) {
  struct reader reader = {0};
  if (count < 2)
    return 2;
  return read_file(&reader, arguments[1]) + read_counted_file(&reader, arguments[1]);
}
