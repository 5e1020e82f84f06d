/* R-F3, IDIOMS D41: what is tested is the stack itself, the distance of a local from where the
 * thread began.
 *
 * A distance may go through labs(), and the compiler may give the frame's address.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

struct node {
  struct node *left, *right;
  int operation;
};

static char *stack_base;
static const long stack_limit = 1 << 20;

void remember_stack_base(void) {
  char here;
  stack_base = &here;
}

bool stack_is_too_deep(void) {
  char here;
  long depth = stack_base - &here;
  return labs(depth) > stack_limit;
}

void require_stack(void) {
  if (stack_is_too_deep())
    abort();
}

int evaluate(const char **text) {
  int value = 0;
  require_stack();
  while (**text && **text != ')')
    value += *(*text)++ == '(' ? evaluate(text) : 1;
  *text += **text == ')';
  return value;
}

struct machine {
  uintptr_t lowest;
  int error;
};

/* The lowest address that may be used is known. */
static inline bool would_overflow(const struct machine *machine, uintptr_t more) {
  return (uintptr_t)__builtin_frame_address(0) - more < machine->lowest;
}

int convert(struct machine *machine, const char **text) {
  int count = 1;
  if (would_overflow(machine, 4096)) {
    machine->error = 1;
    return -1;
  }
  while (**text && **text != ']')
    if (*(*text)++ == '[')
      count += convert(machine, text);
  *text += **text == ']';
  return count;
}

/* The distance is kept for a statistic; nobody compares it. */
static long deepest;

int evaluate_measured(const char **text) {
  char here;
  int value = 0;
  deepest = stack_base - &here;
  while (**text && **text != ')')
    value += *(*text)++ == '(' ? evaluate_measured(text) : 1; // expect: recursion-unbounded "the nesting of what is read"
  *text += **text == ')';
  return value;
}
