/* wire_test.c - a record that was cut or changed anywhere is never taken for one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <unistd.h>

#include "worker/wire.h"

enum { ROOM = 256 };

/* The bytes of one record, as they arrive. */
static size_t make_record(uint8_t *to, const char *text) {
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  RecordHead head = {.kind = 1, .item = 7, .attempt = 2, .cpu_seconds = 0.5};
  assert_true(wire_send(ends[1], &head, text, strlen(text)));
  ssize_t count = read(ends[0], to, ROOM);
  assert_true(count > 0);
  close(ends[0]);
  close(ends[1]);
  return (size_t)count;
}

static void whole_records(void **state) {
  (void)state;
  uint8_t bytes[ROOM];
  size_t count = make_record(bytes, "hello");
  Record record;
  assert_int_equal(wire_parse(bytes, count, &record), WIRE_RECORD);
  assert_int_equal(record.head.item, 7);
  assert_int_equal(record.head.attempt, 2);
  assert_int_equal(record.count, 5);
  assert_memory_equal(record.bytes, "hello", 5);
  assert_int_equal(record.taken, count);
}

static void cut_records(void **state) {
  (void)state;
  uint8_t bytes[ROOM];
  size_t count = make_record(bytes, "hello");
  Record record;
  for (size_t length = 0; length < count; length++)
    assert_int_equal(wire_parse(bytes, length, &record), WIRE_PART);
}

static void changed_records(void **state) {
  (void)state;
  uint8_t bytes[ROOM];
  size_t count = make_record(bytes, "hello");
  for (size_t i = 0; i < count; i++)
    for (unsigned bit = 0; bit < 8; bit++) {
      Record record;
      bytes[i] ^= (uint8_t)(1u << bit);
      WireState result = wire_parse(bytes, count, &record);
      assert_int_not_equal(result, WIRE_RECORD); // a longer length is a part of something
      bytes[i] ^= (uint8_t)(1u << bit);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(whole_records),
      cmocka_unit_test(cut_records),
      cmocka_unit_test(changed_records),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
