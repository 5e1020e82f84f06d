/* What a unit test has opened when it fails: an assertion that returns ends all that comes after. */
// mechanism: asserted
#include <stdio.h>
#include <stdlib.h>

struct list {
  int count;
  int *numbers;
};

static struct list *new_list(void) { return calloc(1, sizeof(struct list)); }

static void free_list(struct list *list) {
  free(list->numbers);
  free(list);
}

int add(int *numbers, int count);

#define UT_ASSERT(condition)                                                                       \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      fprintf(stderr, "%s\n", #condition);                                                         \
      return 1;                                                                                    \
    }                                                                                              \
  } while (0)

#define FAIL_IF(condition)                                                                         \
  do {                                                                                             \
    if (condition)                                                                                 \
      return 1;                                                                                    \
  } while (0)

int checks_lists(void) {
  struct list *list = new_list();
  if (!list)
    return 1;
  UT_ASSERT(list->count == add(list->numbers, 0));
  free_list(list);
  return 0;
}

int adds_to_list(void) {
  struct list *list = new_list(); // note: "opened by 'new_list' here"
  if (!list)
    return 1;
  FAIL_IF(add(list->numbers, list->count)); // expect: resource-leak "the memory 'list' is not freed"
  free_list(list);
  return 0;
}
