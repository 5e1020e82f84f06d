/* The count and its test are calls into another file. */
#include "json.h"

static long read_sum(struct reader *reader);

static long read_term(struct reader *reader) {
  long value = 0;
  if (!enter_level(reader))
    return 0;
  if (*reader->at == '(') {
    reader->at++;
    value = read_sum(reader);
    reader->at++;
  } else {
    while (*reader->at >= '0' && *reader->at <= '9')
      value = value * 10 + (*reader->at++ - '0');
  }
  leave_level(reader);
  return value;
}

static long read_sum(struct reader *reader) {
  long sum = read_term(reader);
  while (!reader->failed && *reader->at == '+') {
    reader->at++;
    sum += read_term(reader);
  }
  return sum;
}

long evaluate(struct reader *reader) { return read_sum(reader); }

/* Counted by a function that tests nothing. */
static long read_counted_sum(struct reader *reader);

static long read_counted_term(struct reader *reader) {
  long value = 0;
  count_level(reader);
  if (*reader->at == '(') {
    reader->at++;
    value = read_counted_sum(reader); // expect: recursion-unbounded "the nesting of what is read"
    reader->at++;
  } else {
    while (*reader->at >= '0' && *reader->at <= '9')
      value = value * 10 + (*reader->at++ - '0');
  }
  leave_level(reader);
  return value;
}

static long read_counted_sum(struct reader *reader) {
  long sum = read_counted_term(reader);
  while (*reader->at == '+') {
    reader->at++;
    sum += read_counted_term(reader);
  }
  return sum;
}

long evaluate_counted(struct reader *reader) { return read_counted_sum(reader); }

/* Asked, and the answer is thrown away. */
long evaluate_anyway(struct reader *reader) {
  long value = 0;
  (void)enter_level(reader);
  while (*reader->at && *reader->at != ')') {
    if (*reader->at++ == '(')
      value += evaluate_anyway(reader); // expect: recursion-unbounded "the nesting of what is read"
  }
  reader->at++;
  leave_level(reader);
  return value + 1;
}
