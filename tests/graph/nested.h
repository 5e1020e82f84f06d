struct reader {
  const char *at;
  int depth;
};
struct link {
  struct link *next;
};
int read_item(struct reader *reader);
int read_list(struct reader *reader);
int read_pairs(struct reader *reader);
int read_few(struct reader *reader);
void drop_links(struct link *first);
