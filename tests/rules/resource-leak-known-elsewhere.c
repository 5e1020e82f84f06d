/* What others know, or have by now: a mapping at an address that the caller has chosen, and the
 * strings of an array that is given back without them.
 */
// mechanism: flag-in-call
// mechanism: elements-taken
#define _GNU_SOURCE
#include <stddef.h>
#include <sys/mman.h>

typedef struct List List;

extern char **g_strsplit(const char *text, const char *by, int most);
extern void g_free(void *memory);
extern List *list_prepend(List *list, void *data);
extern void show(const char *text);

/* What was there is replaced, and it is unmapped by its address. */
long map_again(unsigned long start, size_t size, size_t most, int flags, int fd) {
  void *p = mmap((void *)start, most, PROT_READ, flags | MAP_FIXED | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED)
    return -1;
  unsigned long at = (unsigned long)p;
  if (!(flags & MAP_ANONYMOUS)) {
    p = mmap((void *)start, size, PROT_READ, flags | MAP_FIXED, fd, 0);
    if (p == MAP_FAILED) {
      munmap((void *)start, most);
      return -1;
    }
  }
  return (long)at;
}

int map_lost(size_t size, int flags, int fd) {
  char *p = mmap(NULL, size, PROT_READ, flags | MAP_PRIVATE, fd, 0);
  if (p == MAP_FAILED)
    return -1;
  if (p[0] != 'M')
    return -1; // expect: resource-leak "the mapping 'p'"
  munmap(p, size);
  return 0;
}

/* The list has the strings. */
List *split(const char *text) {
  List *list = NULL;
  char **parts = g_strsplit(text, ",", -1);
  for (int i = 0; parts[i]; i++)
    list = list_prepend(list, parts[i]);
  g_free(parts);
  return list;
}

/* Nobody has them. */
void show_parts(const char *text) {
  char **parts = g_strsplit(text, ",", -1);
  for (int i = 0; parts[i]; i++)
    if (parts[i][0])
      show("part");
  g_free(parts);
} // expect: resource-leak "the strv 'parts'"
