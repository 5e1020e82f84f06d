struct page {
  char address[128];
  struct page *links[16];
  int link_count;
};

enum { DEEPEST = 8, QUEUE_SIZE = 512 };

struct page *load_page(const char *address);
void free_page(struct page *page);
int crawl(const char *address);
int crawl_to_depth(const char *address, int depth);
int crawl_by_queue(const char *address);
