/* R-F1, IDIOMS D38: the depth is an argument, counted up to a limit or down from one. */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { MAX_DEPTH = 32 };

struct element {
  unsigned char tag;
  const unsigned char *begin, *end;
};

/* Up, the test at entry. */
static const unsigned char *read_element(struct element *element, const unsigned char *at,
                                         const unsigned char *end, unsigned level) {
  struct element inner;
  if (end - at < 2 || level >= MAX_DEPTH)
    return NULL;
  element->tag = *at++;
  element->begin = at + 1;
  if (*at++ == 0x80) {
    while (at && at < end && *at)
      at = read_element(&inner, at, end, level + 1);
    element->end = at;
    return at ? at + 1 : NULL;
  }
  element->end = at + at[-1];
  return element->end <= end ? element->end : NULL;
}

const unsigned char *first_element(struct element *element, const unsigned char *at, size_t size) {
  return read_element(element, at, at + size, 0);
}

/* Down; the test is a truth test and stands in front of the call. */
bool follow_names(const unsigned char *packet, size_t size, size_t at, int budget) {
  while (at < size && packet[at]) {
    if ((packet[at] & 0xc0) == 0xc0 && at + 1 < size) {
      if (!budget)
        return false;
      return follow_names(packet, size, packet[at + 1], budget - 1) && packet[0];
    }
    at += packet[at] + 1u;
  }
  return at < size;
}

/* Counted before the call; a signed count that ends below zero. */
int nesting(const char *text, int left) {
  int most = 0;
  if (--left < 0)
    return -1;
  for (; *text && *text != ')'; text++)
    if (*text == '(') {
      int inner = nesting(text + 1, left);
      if (inner < 0)
        return inner;
      most = inner + 1 > most ? inner + 1 : most;
    }
  return most;
}

/* The limit is an argument, too, that stays what it is. */
int measure(const char *text, int depth, int limit) {
  int sum = 0;
  if (depth == limit)
    return 0;
  for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{'))
    sum += 1 + measure(at + 1, depth + 1, limit);
  return sum;
}

/* One of two limits, chosen at entry. */
int print_groups(const char *text, int depth, bool huge) {
  int limit = huge ? 2048 : 256, count = 0;
  if (depth > limit)
    return -1;
  for (; *text && *text != ']'; text++)
    if (*text == '[')
      count += 1 + print_groups(text + 1, depth + 1, huge);
  return count;
}

/* Handed on as it is: the test never comes true. */
static const unsigned char *read_unchanged(struct element *element, const unsigned char *at,
                                           const unsigned char *end, unsigned level) {
  struct element inner;
  if (end - at < 2 || level >= MAX_DEPTH)
    return NULL;
  element->tag = *at++;
  if (*at++ == 0x80) {
    while (at && at < end && *at)
      at = read_unchanged(&inner, at, end, level); // expect: recursion-unbounded "the nesting of what is read"
    return at ? at + 1 : NULL;
  }
  return at + at[-1] <= end ? at + at[-1] : NULL;
}

const unsigned char *first_unchanged(struct element *element, const unsigned char *at,
                                     size_t size) {
  return read_unchanged(element, at, at + size, 0);
}

/* Counted, and compared with nothing. */
static void print_nested(const char **at, int depth) {
  while (**at && **at != ')') {
    if (*(*at)++ == '(')
      print_nested(at, depth + 1); // expect: recursion-unbounded "the nesting of what is read"
  }
}

void print_all(const char *text) { print_nested(&text, 0); }

/* Counted away from the limit. */
int nesting_wrong_way(const char *text, int left) {
  int most = 0;
  if (left < 0)
    return -1;
  for (; *text && *text != ')'; text++)
    if (*text == '(') {
      int inner = nesting_wrong_way(text + 1, left + 1); // expect: recursion-unbounded "the nesting of what is read"
      most = inner + 1 > most ? inner + 1 : most;
    }
  return most;
}
