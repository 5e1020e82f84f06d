/* IDIOMS D43: in a cycle of several functions one counts and tests for all; a second way round that
 * does not pass it is not bounded by it. */
#include <stdbool.h>
#include <stdio.h>

static void add_store(FILE *list, const char *name, int depth);

/* Guarded: every way comes through here. */
static void read_stores(FILE *list, int depth) {
  char line[256];
  if (depth > 5) {
    fputs("too many stores in stores\n", stderr);
    return;
  }
  while (fgets(line, sizeof(line), list))
    add_store(list, line, depth);
}

static void add_store(FILE *list, const char *name, int depth) {
  FILE *inner = fopen(name, "r");
  if (!inner)
    inner = list;
  read_stores(inner, depth + 1);
  if (inner != list)
    fclose(inner);
}

void add_all_stores(const char *name) { add_store(stdin, name, 0); }

/* Lists are counted, pairs are not, and a pair may stand in a pair. */
struct text {
  const char *at;
  int lists;
};

static bool read_item(struct text *text);

static bool read_list(struct text *text) {
  bool fine = true;
  if (text->lists >= 64)
    return false;
  text->lists++;
  for (text->at++; fine && *text->at && *text->at != ')';)
    fine = read_item(text);
  text->lists--;
  return fine && *text->at++ == ')';
}

static bool read_pair(struct text *text) {
  text->at++;
  return read_item(text) && read_item(text) && *text->at++ == ']'; // expect: recursion-unbounded "the nesting of what is read"
}

static bool read_item(struct text *text) {
  if (*text->at == '(')
    return read_list(text) || !*text->at;
  if (*text->at == '[')
    return read_pair(text) || !*text->at;
  return *text->at++ != 0;
}

bool read_text(const char *at) {
  struct text text = {at, 0};
  return read_item(&text);
}
