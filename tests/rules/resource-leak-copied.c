/* An allocator that leaves what it made behind a pointer to no type in particular, and a function
 * that takes it from there: the copy of a pointer is an assignment. */
// mechanism: copied-value
// mechanism: set-again
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int get_memory(size_t size, void *out) {
  void *made = malloc(size);
  if (!made)
    return 12;
  memcpy(out, &made, sizeof made);
  return 0;
}

static void give_back(void *out) {
  void *made;
  memcpy(&made, out, sizeof made);
  free(made);
  made = NULL;
  memcpy(out, &made, sizeof made);
}

int copy_text(size_t size) {
  char *buffer;
  int result = get_memory(size, &buffer);
  if (result)
    return result;
  result = read(0, buffer, size) < 0;
  give_back(&buffer);
  return result;
}

int copy_text_wrong(size_t size) {
  char *buffer;
  int result = get_memory(size, &buffer); // note: "opened by 'get_memory' here"
  if (result)
    return result;
  result = read(0, buffer, size) < 0;
  if (result)
    return result; // expect: resource-leak "the memory 'buffer' is not freed"
  give_back(&buffer);
  return 0;
}
