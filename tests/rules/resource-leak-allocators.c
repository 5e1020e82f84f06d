// Allocators that may be exchanged: a table of pointers that begins with those of the library, and a
// hook in front of them. Whatever has been put there, what it makes has to be given back.
// mechanism: allocators
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
  void *(*make)(size_t);
  void (*drop)(void *);
} allocators = {malloc, free};

void set_allocators(void *(*make)(size_t), void (*drop)(void *)) {
  allocators.make = make;
  allocators.drop = drop;
}

static void *make(size_t size) { return allocators.make(size); }
static void drop(void *memory) { allocators.drop(memory); }

int first_byte(int from) {
  char *block = make(100);
  if (!block)
    return -1;
  int result = read(from, block, 100) > 0 ? block[0] : -1;
  drop(block);
  return result;
}

int second_byte(int from) {
  char *block = make(100); // note: "opened by 'make' here"
  if (!block)
    return -1;
  if (read(from, block, 100) < 2)
    return -1; // expect: resource-leak "the memory 'block' is not freed when 'second_byte' returns here"
  int result = block[1];
  drop(block); // note: "another way gives it back here"
  return result;
}

static void *(*make_hook)(size_t);
static void (*drop_hook)(void *);

void set_hooks(void *(*make)(size_t), void (*drop)(void *)) {
  make_hook = make;
  drop_hook = drop;
}

void *hooked_make(size_t size) {
  if (make_hook)
    return make_hook(size);
  return malloc(size);
}

void hooked_drop(void *memory) {
  if (drop_hook)
    drop_hook(memory);
  else
    free(memory);
}

int pad(int to, size_t size) {
  char *zeros = hooked_make(size);
  if (!zeros)
    return -1;
  memset(zeros, 0, size);
  int result = write(to, zeros, size) < 0 ? -1 : 0;
  hooked_drop(zeros);
  return result;
}

int pad_once(int to, size_t size) {
  char *zeros = hooked_make(size); // note: "opened by 'hooked_make' here"
  if (!zeros)
    return -1;
  memset(zeros, 0, size);
  if (write(to, zeros, size) < 0)
    return -1; // expect: resource-leak "the memory 'zeros' is not freed when 'pad_once' returns here"
  hooked_drop(zeros); // note: "another way gives it back here"
  return 0;
}

// A callback that gives something which only its own kind gives back is no such hook.
static char *(*hint)(const char *text);
static void (*hint_drop)(char *text);

static char *copied_hint(const char *text) { return strdup(text); }

void set_hint(char *(*of)(const char *), void (*drop)(char *)) {
  hint = of;
  hint_drop = drop;
}

void begin(void) { set_hint(copied_hint, NULL); }

size_t show_hint(const char *text) {
  char *shown = hint ? hint(text) : NULL;
  if (!shown)
    return 0;
  size_t length = strlen(shown);
  if (hint_drop)
    hint_drop(shown);
  return length;
}
