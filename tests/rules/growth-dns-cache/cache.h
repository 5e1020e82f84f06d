#ifndef CACHE_H
#define CACHE_H

struct answer {
  char *host;
  unsigned address;
  struct answer *next;
};

enum { BUCKETS = 256, MOST_SEEN = 1000 };

extern struct answer *answers[BUCKETS];   /* nothing ever leaves it */
extern struct answer *forgiving[BUCKETS]; /* forgotten in forget.c */

unsigned bucket_of(const char *host);
struct answer *answer_find(struct answer *first, const char *host);
struct answer *answer_new(const char *host, unsigned address);
void answer_free(struct answer *answer);
unsigned resolve(const char *host);
void forget(const char *host);

#endif
