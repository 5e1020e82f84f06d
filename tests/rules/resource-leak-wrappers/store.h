struct store {
  int users;
  char *text;
};
int store_open_file(const char *path);
void store_close_file(int fd);
struct store *store_new(const char *text);
struct store *store_ref(struct store *);
void store_unref(struct store *);
void store_keep(struct store *);
unsigned long store_sum(const struct store *);
