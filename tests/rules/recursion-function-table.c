/* Recursion through a table of functions, one for each type of value; with a count of the depth in
 * what is handed on, and without. */
// run: --min-confidence possible
#include <stddef.h>
#include <stdint.h>

struct input {
  const uint8_t *at, *end;
  unsigned depth;
};

struct type;

typedef int (*Decoder)(struct input *input, void *into, const struct type *type);

enum kind { KIND_BYTE, KIND_WORD, KIND_RECORD, KIND_COUNT };

struct member {
  const struct type *type;
  size_t offset;
};

struct type {
  enum kind kind;
  size_t count;
  const struct member *members;
};

static int decode_byte(struct input *input, void *into, const struct type *type) {
  (void)type;
  *(uint8_t *)into = input->at < input->end ? *input->at++ : 0;
  return 0;
}

static int decode_word(struct input *input, void *into, const struct type *type) {
  uint8_t *bytes = into;
  return decode_byte(input, bytes, type) + decode_byte(input, bytes + 1, type);
}

static int decode_record(struct input *input, void *into, const struct type *type);

static const Decoder decoders[KIND_COUNT] = {decode_byte, decode_word, decode_record};

static int decode_record(struct input *input, void *into, const struct type *type) {
  int failed = 0;
  if (++input->depth > 20)
    return 1;
  size_t count = input->at < input->end ? *input->at++ : 0;
  for (size_t i = 0; i < count && i < type->count; i++) {
    const struct member *member = &type->members[i];
    failed |= decoders[member->type->kind](input, (char *)into + member->offset, member->type);
  }
  input->depth--;
  return failed;
}

int decode(const uint8_t *data, size_t size, void *into, const struct type *type) {
  struct input input = {data, data + size, 0};
  return decoders[type->kind](&input, into, type);
}

enum { END_OF_RECORD = 0xff };

static int decode_plain_record(struct input *input, void *into, const struct type *type);

static const Decoder plain_decoders[KIND_COUNT] = {decode_byte, decode_word, decode_plain_record};

static int decode_plain_record(struct input *input, void *into, const struct type *type) {
  int failed = 0;
  while (*input->at != END_OF_RECORD)
    failed |= plain_decoders[*input->at++ % KIND_COUNT](input, into, type); // expect: recursion-unbounded "the nesting of what is read"
  return failed;
}

int decode_plain(const uint8_t *data, size_t size, void *into, const struct type *type) {
  struct input input = {data, data + size, 0};
  return decode_plain_record(&input, into, type);
}

/* Declared before it is filled. */
static const Decoder late_decoders[KIND_COUNT];

static int decode_late_record(struct input *input, void *into, const struct type *type) {
  int failed = 0;
  while (*input->at != END_OF_RECORD)
    failed |= late_decoders[*input->at++ % KIND_COUNT](input, into, type); // expect: recursion-unbounded "the nesting of what is read"
  return failed;
}

static const Decoder late_decoders[KIND_COUNT] = {decode_byte, decode_word, decode_late_record};

int decode_late(const uint8_t *data, size_t size, void *into, const struct type *type) {
  struct input input = {data, data + size, 0};
  return decode_late_record(&input, into, type);
}
