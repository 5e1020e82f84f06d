/* Four caches of names: one without eviction, one with a function in another file that forgets, one
 * that starts over at a thousand entries, and one filled once from a table of the program. */
#include "cache.h"
#include <stdlib.h>
#include <string.h>

struct answer *answers[BUCKETS], *forgiving[BUCKETS];
static struct answer *seen;
static int seen_count;
static struct answer *well_known;
static const struct {
  const char *host;
  unsigned address;
} constants[] = {{"localhost", 0x7f000001}, {"broadcast", 0xffffffff}};

unsigned bucket_of(const char *host) {
  unsigned hash = 5381;
  while (*host)
    hash = hash * 33 + (unsigned char)*host++;
  return hash % BUCKETS;
}

struct answer *answer_find(struct answer *first, const char *host) {
  while (first && strcmp(first->host, host) != 0)
    first = first->next;
  return first;
}

struct answer *answer_new(const char *host, unsigned address) {
  struct answer *answer = calloc(1, sizeof *answer);
  if (!answer)
    abort();
  answer->host = strdup(host);
  answer->address = address;
  return answer;
}

void answer_free(struct answer *answer) {
  free(answer->host);
  free(answer);
}

static void well_known_fill(void) {
  for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
    struct answer *answer = answer_new(constants[i].host, constants[i].address);
    answer->next = well_known;
    well_known = answer;
  }
}

static void seen_add(const char *host, unsigned address) {
  if (seen_count == MOST_SEEN) {
    while (seen) {
      struct answer *next = seen->next;
      answer_free(seen);
      seen = next;
    }
    seen_count = 0;
  }
  struct answer *answer = answer_new(host, address);
  answer->next = seen;
  seen = answer;
  seen_count++;
}

unsigned resolve(const char *host) {
  if (!well_known)
    well_known_fill();
  struct answer *known = answer_find(well_known, host);
  if (!known)
    known = answer_find(answers[bucket_of(host)], host);
  if (known)
    return known->address;
  unsigned hash = bucket_of(host), address = hash * 2654435761u;
  struct answer *kept = answer_new(host, address), *lent = answer_new(host, address);
  kept->next = answers[hash];
  answers[hash] = kept; // expect: growth-unbounded "'answers"
  lent->next = forgiving[hash];
  forgiving[hash] = lent;
  seen_add(host, address);
  return address;
}
