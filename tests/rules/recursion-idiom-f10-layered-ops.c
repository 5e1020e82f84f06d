/* R-F10: filters on top of each other, each calling the same operation of the one below it. There
 * are as many as the program puts there; one that calls the top again goes round for ever.
 *
 * Known gap: the same object comes round again, which is told at info only. */
#include <stddef.h>
#include <stdlib.h>

struct filter;

struct operations {
  long (*read)(struct filter *self, char *into, size_t size);
};

struct filter {
  const struct operations *operations;
  struct filter *below, *top;
  int file;
};

long file_read(int file, char *into, size_t size);

static long filter_read(struct filter *filter, char *into, size_t size) {
  return filter->operations->read(filter, into, size);
}

static long bottom_read(struct filter *self, char *into, size_t size) {
  return file_read(self->file, into, size);
}

static long upper_read(struct filter *self, char *into, size_t size) {
  long count = filter_read(self->below, into, size);
  for (long i = 0; i < count; i++)
    if (into[i] >= 'a' && into[i] <= 'z')
      into[i] -= 'a' - 'A';
  return count;
}

static const struct operations bottom = {bottom_read}, upper = {upper_read};

static struct filter *push(struct filter *below, const struct operations *operations) {
  struct filter *filter = calloc(1, sizeof(*filter));
  if (filter) {
    filter->operations = operations;
    filter->below = below;
  }
  return filter;
}

long read_upper(char *into, size_t size) {
  struct filter *file = push(NULL, &bottom), *filter = push(file, &upper);
  long count = filter ? filter_read(filter, into, size) : -1;
  free(filter);
  free(file);
  return count;
}

/* Reads what it lacks from the top of the stack, on which it stands itself. */
struct stack;

struct layer {
  long (*fill)(struct stack *stack, struct layer *self, size_t size);
  struct layer *below;
  long kept;
};

struct stack {
  struct layer *top;
};

static long fill_blocks(struct stack *stack, struct layer *self, size_t size) {
  if (self->kept < (long)size)
    self->kept += stack->top->fill(stack, stack->top, size); // expect-miss: recursion-unbounded
  return self->kept;
}

long fill(size_t size) {
  struct layer blocks = {.fill = fill_blocks};
  struct stack stack = {&blocks};
  return blocks.fill(&stack, &blocks, size);
}
