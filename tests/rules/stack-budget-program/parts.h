void use(void *);
void fill(void *);
void whole_file(void);
int compare(const void *, const void *);
