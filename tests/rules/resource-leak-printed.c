/* Who takes an empty text for a failure, too, never meets one where the format always prints
 * something. */
// mechanism: printed
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

int use(const char *path);

int use_in_folder(const char *folder, const char *name) {
  char *path = NULL;
  if (asprintf(&path, "%s/%s", folder, name) <= 0)
    return -1;
  int result = use(path);
  free(path);
  return result;
}

int use_number(unsigned long number) {
  char *path;
  if (asprintf(&path, "%-8lu", number) <= 0)
    return -1;
  int result = use(path);
  free(path);
  return result;
}

/* An empty name is printed as nothing, into memory that is there. */
int use_name(const char *name) {
  char *path = NULL;
  if (asprintf(&path, "%s", name) <= 0)
    return -1; // expect: resource-leak "'path' is not freed"
  int result = use(path);
  free(path);
  return result;
}
