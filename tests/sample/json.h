/* json.h - a small reader for requests: {"method": "get", "key": "k", "value": "v"}. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>

enum { JSON_DEPTH_LIMIT = 32 };

struct json_reader {
  const char *at, *end;
  int depth;
};

/* True when the text is one well-formed value. */
bool json_valid(const char *text, size_t length);
/* The same for text of our own, of any depth. */
bool json_valid_trusted(const char *text, size_t length);
/* Copies the string member `name` of a flat object; false when absent or too long. */
bool json_string(const char *text, const char *name, char *value, size_t size);

#endif
