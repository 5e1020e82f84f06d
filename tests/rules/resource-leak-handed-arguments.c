/* What is given to a function with any number of arguments may be kept by whom it hands them on to
 * (QEMU's `qobject_from_jsonf_nofail("{'list': %p}", list)`). */
// mechanism: handed-arguments
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct list {
  int count;
};

struct tree {
  struct list *lists[8];
  int count;
};

struct parser {
  va_list *arguments;
  struct tree *tree;
};

extern struct tree *tree_new(void);

static struct list *list_new(void) {
  struct list *list = calloc(1, sizeof *list);
  if (!list)
    abort();
  return list;
}

static struct tree *tree_from_list(const char *format, va_list arguments) {
  struct tree *tree = tree_new();
  for (; *format; format++)
    if (*format == '%')
      tree->lists[tree->count++] = va_arg(arguments, struct list *);
  return tree;
}

static struct tree *tree_from(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  struct tree *tree = tree_from_list(format, arguments);
  va_end(arguments);
  return tree;
}

static void say(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
}

struct tree *tree_of_one(void) {
  struct list *list = list_new();
  list->count = 1;
  return tree_from("{'list': %}", list);
}

void say_of_one(void) {
  struct list *list = list_new();
  list->count = 1;
  say("{'list': %p}", list);
} // expect: resource-leak "'list' is not freed"
