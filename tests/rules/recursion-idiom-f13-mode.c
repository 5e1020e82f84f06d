/* R-F13, R-F6: what is handed on rules out the way to the call, or past the test, from the second
 * round on. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { NESTED = 1, RESUMED = 2 };

static char *stack_end;

static int is_stack_used_up(void) { return (char *)__builtin_frame_address(0) < stack_end; }

/* Who is called from here has not been resumed, and comes past the test. */
int run(const unsigned char *code, int flags) {
  int sum = 0;
  if (flags & RESUMED)
    goto again;
  if (is_stack_used_up())
    return -1;
again:
  for (; *code; code++)
    if (*code == '(')
      sum += run(code + 1, 0);
  return sum;
}

/* All are taken to have been resumed: nobody comes past it. */
int run_resumed(const unsigned char *code, int flags) {
  int sum = 0;
  if (flags & RESUMED)
    goto again;
  if (is_stack_used_up())
    return -1;
again:
  for (; *code; code++)
    if (*code == '(')
      sum += run_resumed(code + 1, RESUMED); // expect: recursion-unbounded "the nesting of what is read"
  return sum;
}

/* A bit that is set on the way and that must not be set. */
static int expand(FILE *out, FILE *in, unsigned options) {
  int letter, count = 0;
  while ((letter = fgetc(in)) != EOF && letter != ')')
    if (letter == '(' && !(options & NESTED))
      count += expand(out, in, options | NESTED);
    else
      count += fputc(letter, out) != EOF;
  return count;
}

int expand_file(FILE *out, FILE *in) { return expand(out, in, RESUMED); }

/* Another bit. */
static int expand_all(FILE *out, FILE *in, unsigned options) {
  int letter, count = 0;
  while ((letter = fgetc(in)) != EOF && letter != ')')
    if (letter == '(' && !(options & NESTED))
      count += expand_all(out, in, options | RESUMED); // expect: recursion-unbounded "the nesting of what is read"
    else
      count += fputc(letter, out) != EOF;
  return count;
}

int expand_all_of(FILE *out, FILE *in, unsigned options) { return expand_all(out, in, options); }

enum kind { KIND_ITEM, KIND_LIST };

static int read_value(FILE *file, enum kind kind);

static int read_list(FILE *file) {
  int count = 0, letter;
  while ((letter = fgetc(file)) == ',')
    count += read_value(file, KIND_ITEM);
  return count;
}

/* A list is one of items: a case of a switch. */
static int read_value(FILE *file, enum kind kind) {
  switch (kind) {
  case KIND_LIST:
    return read_list(file);
  case KIND_ITEM:
    return fgetc(file) == '+';
  }
  return 0;
}

int read_lists(FILE *file, enum kind kind) { return read_value(file, kind); }

/* A size without a sign is no small number. */
int fill(const char *text, size_t room) {
  int count = 0;
  for (; *text && room > 0; text++)
    if (*text == '(')
      count += fill(text + 1, SIZE_MAX); // expect: recursion-unbounded "the nesting of what is read"
  return count;
}
