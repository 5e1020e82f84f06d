/* R-F6: what the call is made for is a kind of one thing that stands in the program, and whose own
 * kind is another: a list of numbers is read as numbers. */
// run: --min-confidence possible
#include <stdio.h>

enum kind { KIND_NUMBER, KIND_NUMBERS, KIND_WORDS, KIND_WORD, KIND_PAIR };

struct type {
  enum kind kind;
  struct type *first;
};

static struct type *number_type, *word_type;

static int read_type(FILE *file, const struct type *type);

static int read_list(FILE *file, const struct type *type) {
  int count = 0, letter;
  while ((letter = fgetc(file)) != EOF && letter != ']')
    if (letter == ',')
      count += read_type(file, type);
  return count;
}

static int read_type(FILE *file, const struct type *type) {
  switch (type->kind) {
  case KIND_NUMBER:
  case KIND_WORD:
    return fgetc(file) != EOF;
  case KIND_NUMBERS:
    return read_list(file, number_type);
  case KIND_WORDS:
    return read_list(file, word_type);
  default:
    return 0;
  }
}

int read_value(FILE *file, const struct type *type) { return read_type(file, type); }

/* A pair says itself what its first part is. */
static int read_pair(FILE *file, const struct type *type) {
  int letter = fgetc(file);
  if (letter != '(')
    return letter != EOF;
  switch (type->kind) {
  case KIND_PAIR:
    return read_pair(file, type->first) + fgetc(file); // expect: recursion-unbounded "the height of what is walked"
  default:
    return 0;
  }
}

int read_pairs(FILE *file, const struct type *type) { return read_pair(file, type); }
