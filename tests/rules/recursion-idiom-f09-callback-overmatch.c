/* R-F9: by its signature alone the pointer could be the caller itself; by what is stored in the
 * field it is not. Where the function is really stored there, it is a cycle. */
// run: --min-confidence possible
#include <stddef.h>

struct handler {
  int (*run)(struct handler *self, const char *text);
  const struct handler *next;
};

static int print_text(struct handler *self, const char *text) { return self->next ? *text : 0; }

static int run_all(struct handler *self, const char *text) {
  int sum = 0;
  for (; *text; text++)
    sum += self->run(self, text);
  return sum;
}

int (*const entry_points[])(struct handler *, const char *) = {run_all, print_text};

int run_printer(const char *text) {
  struct handler printer = {.run = print_text};
  return run_all(&printer, text);
}

/* The same shape, and it is its own handler. */
struct visitor {
  int (*visit)(struct visitor *self, const char **text);
  int count;
};

static int visit_group(struct visitor *self, const char **text) {
  int sum = 0;
  while (**text && **text != ')')
    if (*(*text)++ == '(')
      sum += self->visit(self, text); // expect: recursion-unbounded "the nesting of what is read"
  *text += **text == ')';
  return sum + ++self->count;
}

int visit(const char *text) {
  struct visitor groups = {.visit = visit_group};
  return groups.visit(&groups, &text);
}
