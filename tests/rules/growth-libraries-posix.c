/* Containers of the C library: tsearch and hsearch; insque is only stores. */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct name {
  struct name *next, *previous;
  char text[32];
};

static void *seen, *kept;
static struct name line_head, kept_head;

static int by_text(const void *a, const void *b) { return strcmp(a, b); }

int main(void) {
  char text[32];
  if (!hcreate(1000))
    return 1;
  insque(&line_head, NULL);
  insque(&kept_head, NULL);
  for (;;) {
    if (scanf("%31s", text) != 1)
      continue;
    tsearch(strdup(text), &seen, by_text);
    tsearch(strdup(text), &kept, by_text); // expect: growth-unbounded "'kept'"
    struct name *name = calloc(1, sizeof *name), *other = calloc(1, sizeof *other);
    if (!name || !other)
      abort();
    insque(name, &line_head);
    insque(other, &kept_head); // expect-miss: growth-unbounded "'kept_head'"
    remque(name);
    free(name);
    tdelete(text, &seen, by_text);
    hsearch((ENTRY){strdup(text), NULL}, ENTER);
  }
}
