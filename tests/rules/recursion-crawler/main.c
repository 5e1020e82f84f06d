#include "page.h"

int main(int count, char **arguments) {
  if (count < 2)
    return 2;
  int pages = crawl(arguments[1]) + crawl_by_queue(arguments[1]);
  return pages + crawl_to_depth(arguments[1], 0) > 0 ? 0 : 1;
}
