/* json.c - see json.h. Two recursive descents: one counts its depth, the other does not. */
#include "json.h"

#include <ctype.h>
#include <string.h>

static void skip_space(struct json_reader *reader) {
  while (reader->at < reader->end && isspace((unsigned char)*reader->at))
    reader->at++;
}

static bool accept(struct json_reader *reader, char wanted) {
  skip_space(reader);
  if (reader->at == reader->end || *reader->at != wanted)
    return false;
  reader->at++;
  return true;
}

static bool read_string(struct json_reader *reader) {
  if (!accept(reader, '"'))
    return false;
  while (reader->at < reader->end && *reader->at != '"')
    reader->at += *reader->at == '\\' && reader->at + 1 < reader->end ? 2 : 1;
  return accept(reader, '"');
}

static bool read_word(struct json_reader *reader) {
  const char *start = reader->at;
  while (reader->at < reader->end && (isalnum((unsigned char)*reader->at) || *reader->at == '.' ||
                                      *reader->at == '-' || *reader->at == '+'))
    reader->at++;
  return reader->at > start;
}

/* Correct: requests come from outside, so the depth is bounded. */
static bool read_value(struct json_reader *reader) {
  bool good = true;
  if (++reader->depth > JSON_DEPTH_LIMIT)
    return false;
  skip_space(reader);
  if (accept(reader, '[')) {
    if (!accept(reader, ']')) {
      do {
        good = read_value(reader);
      } while (good && accept(reader, ','));
      good = good && accept(reader, ']');
    }
  } else if (accept(reader, '{')) {
    if (!accept(reader, '}')) {
      do {
        good = read_string(reader) && accept(reader, ':') && read_value(reader);
      } while (good && accept(reader, ','));
      good = good && accept(reader, '}');
    }
  } else {
    good = reader->at < reader->end && *reader->at == '"' ? read_string(reader) : read_word(reader);
  }
  reader->depth--;
  return good;
}

/* Planted: the same without a limit, by mutual recursion. */
static bool read_trusted(struct json_reader *reader);

static bool read_trusted_list(struct json_reader *reader, char close, bool with_names) {
  if (accept(reader, close))
    return true;
  do {
    if (with_names && !(read_string(reader) && accept(reader, ':')))
      return false;
    if (!read_trusted(reader))
      return false;
  } while (accept(reader, ','));
  return accept(reader, close);
}

static bool read_trusted(struct json_reader *reader) {
  skip_space(reader);
  if (reader->at == reader->end)
    return false;
  switch (*reader->at) {
  case '[':
    reader->at++;
    return read_trusted_list(reader, ']', false);
  case '{':
    reader->at++;
    return read_trusted_list(reader, '}', true);
  case '"':
    return read_string(reader);
  default:
    return read_word(reader);
  }
}

bool json_valid(const char *text, size_t length) {
  struct json_reader reader = {.at = text, .end = text + length};
  if (!read_value(&reader))
    return false;
  skip_space(&reader);
  return reader.at == reader.end;
}

bool json_valid_trusted(const char *text, size_t length) {
  struct json_reader reader = {.at = text, .end = text + length};
  return read_trusted(&reader);
}

bool json_string(const char *text, const char *name, char *value, size_t size) {
  size_t name_length = strlen(name);
  for (const char *at = strchr(text, '"'); at; at = strchr(at + 1, '"')) {
    if (strncmp(at + 1, name, name_length) != 0 || at[1 + name_length] != '"')
      continue;
    struct json_reader reader = {.at = at + 2 + name_length, .end = text + strlen(text)};
    if (!accept(&reader, ':') || !accept(&reader, '"'))
      continue;
    size_t length = strcspn(reader.at, "\"");
    if (length >= size)
      return false;
    memcpy(value, reader.at, length);
    value[length] = '\0';
    return true;
  }
  return false;
}
