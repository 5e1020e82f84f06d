// What alloca takes in a loop, or in a recursion, stays taken until the function returns.
// mechanism: few-levels
#include <alloca.h>
#include <stddef.h>
#include <unistd.h>

struct tree {
  struct tree *left, *right;
  size_t length;
};
void use(void *);
int next_line(size_t *length);

void reads_lines(int file) {
  size_t length;
  while (next_line(&length)) {
    char *line = alloca(length); // expect: stack-alloca-loop "given back only when 'reads_lines' returns"
    if (read(file, line, length) <= 0)
      break;
    use(line);
  }
}

void for_each(int count) {
  for (int i = 0; i < count; i++)
    use(alloca(16)); // expect: stack-alloca-loop "alloca in a loop"
}

// A macro that takes it in one of two ways is told once.
#define TAKE(line, length, is_long)                                                                \
  if (is_long)                                                                                     \
    line = alloca(2 * (length));                                                                   \
  else                                                                                             \
    line = alloca(length)

void takes_by_macro(int is_long) {
  size_t length;
  while (next_line(&length)) {
    char *line;
    TAKE(line, length, is_long); // expect: stack-alloca-loop "alloca in a loop"
    use(line);
  }
}

// One buffer for all rounds.
void reads_into_one(int file, size_t longest) {
  char *line = alloca(longest);
  size_t length;
  while (next_line(&length) && length <= longest) {
    if (read(file, line, length) <= 0)
      break;
    use(line);
  }
}

// An array is given back at the end of each round.
void array_in_a_loop(int file) {
  size_t length;
  while (next_line(&length)) {
    char line[length];
    if (read(file, line, length) <= 0)
      break;
    use(line);
  }
}

// The program's text says how much it is together.
void a_few(void) {
  for (int i = 0; i < 4; i++)
    use(alloca(32));
}

struct lock *take_lock(void);
void drop_lock(struct lock *);

// A block that is written as a loop goes round once.
void under_a_lock(size_t length) {
  for (struct lock *held = take_lock(); held; drop_lock(held), held = NULL)
    use(alloca(length));
}

void while_locked(size_t length) {
  for (struct lock *held = take_lock(); held; drop_lock(held), held = take_lock())
    use(alloca(length)); // expect: stack-alloca-loop "alloca in a loop"
}

// The round in which it is taken is the last.
void takes_and_leaves(size_t length) {
  size_t seen;
  while (next_line(&seen))
    if (seen == length) {
      use(alloca(length));
      break;
    }
}

void walk(struct tree *tree) {
  char path[tree->length]; // expect: stack-alloca-loop "an array of variable length in a recursion"
  use(path);
  if (tree->left)
    walk(tree->left); // note: "'walk' calls itself here"
}

// The array is gone before the next level begins.
void walks_after(struct tree *tree) {
  {
    char path[tree->length];
    use(path);
  }
  if (tree->left)
    walks_after(tree->left);
}

void first(struct tree *tree);

void second(struct tree *tree) {
  use(alloca(tree->length)); // expect: stack-alloca-loop "alloca in a recursion"
  if (tree->right)
    first(tree->right); // note: "'first', called here, comes back to it"
}

void first(struct tree *tree) {
  if (tree->left)
    second(tree->left);
}

// At most 16 bytes a level: no more than a variable would take.
void small_ones(struct tree *tree, int count) {
  long *numbers = NULL;
  if (count <= 2)
    numbers = alloca((size_t)count * sizeof *numbers);
  use(numbers);
  if (tree->left)
    small_ones(tree->left, count);
}

void tested_before(struct tree *tree, size_t count) {
  if (count > 16)
    return;
  long numbers[count];
  use(numbers);
  if (tree->left)
    tested_before(tree->left, count);
}

// The test comes too late for this one.
void tested_after(struct tree *tree, size_t count) {
  long numbers[count]; // expect: stack-alloca-loop "in a recursion"
  if (count > 16)
    return;
  use(numbers);
  if (tree->left)
    tested_after(tree->left, count);
}

// No recursion, no loop.
void once(size_t length) { use(alloca(length)); }

// A few levels.
enum { DEEPEST = 8, FAR_DOWN = 100000 };
void counted(struct tree *tree, unsigned depth) {
  if (depth > DEEPEST)
    return;
  use(alloca(tree->length));
  if (tree->left)
    counted(tree->left, depth + 1u);
  if (tree->right)
    counted(tree->right, depth + 1u);
}

void counted_far(struct tree *tree, unsigned depth) {
  if (depth > FAR_DOWN)
    return;
  use(alloca(tree->length)); // expect: stack-alloca-loop "alloca in a recursion"
  if (tree->left)
    counted_far(tree->left, depth + 1u);
}

// Only one of the calls is counted.
void counted_once(struct tree *tree, unsigned depth) {
  if (depth > DEEPEST)
    return;
  use(alloca(tree->length)); // expect: stack-alloca-loop "alloca in a recursion"
  if (tree->left)
    counted_once(tree->left, depth + 1u);
  if (tree->right)
    counted_once(tree->right, depth); // note: "'counted_once' calls itself here"
}

// How much of the stack is left is asked at each level.
static char *stack_end;

void asked_before(struct tree *tree, size_t count) {
  if ((char *)__builtin_frame_address(0) - count < stack_end)
    return;
  use(alloca(count));
  if (tree->left)
    asked_before(tree->left, count);
}
