/* jsonic.c - see jsonic.h */
#include "report/jsonic.h"

#include "base/message.h"
#include "base/text.h"

json_t *jsonic_text(Arena *arena, const char *text) {
  return json_string(text_valid_utf8(arena, text ? text : ""));
}

void jsonic_put(json_t *object, const char *key, json_t *value) {
  if (json_object_set_new(object, key, value))
    die(EXIT_INTERNAL, "out of memory for a report");
}

void jsonic_put_text(Arena *arena, json_t *object, const char *key, const char *text) {
  jsonic_put(object, key, jsonic_text(arena, text));
}

void jsonic_put_number(json_t *object, const char *key, uint64_t number) {
  jsonic_put(object, key, json_integer((json_int_t)number));
}

void jsonic_add(json_t *array, json_t *value) {
  if (json_array_append_new(array, value))
    die(EXIT_INTERNAL, "out of memory for a report");
}

static int put_bytes(const char *bytes, size_t count, void *out) {
  fwrite(bytes, 1, count, out); // an error stays in the stream, where the caller looks for it
  return 0;
}

void jsonic_write(FILE *out, json_t *value, size_t flags) {
  json_dump_callback(value, put_bytes, out, flags);
  fputc('\n', out);
  json_decref(value);
}

size_t reference_cwes(const char *references, uint32_t *numbers, size_t room) {
  size_t count = 0;
  for (const char *at = references ? references : ""; (at = strstr(at, "CWE-")) && count < room;) {
    at += 4;
    numbers[count] = (uint32_t)strtoul(at, NULL, 10);
    count += numbers[count] != 0;
  }
  return count;
}
