// A recursion whose levels are counted: so many of them fit, or do not.
#include <dirent.h>
#include <stddef.h>
#include <stdio.h>

enum { LEVELS = 200 };
void use(void *);

// 200 levels of 64 KiB are 12.5 MiB.
int walk(const char *folder, int depth) {
  char buffer[64 * 1024]; // note: "'buffer' has 65,536 of them"
  DIR *entries = opendir(folder);
  struct dirent *entry;
  if (!entries)
    return -1;
  use(buffer);
  while ((entry = readdir(entries)))
    if (entry->d_type == DT_DIR && depth < LEVELS) {
      snprintf(buffer, sizeof buffer, "%s/%s", folder, entry->d_name);
      walk(buffer, depth + 1); // expect: stack-budget "up to 201 levels deep"
    }
  closedir(entries);
  return 0;
}

// 20 levels fit.
int walks_less(const char *folder, int depth) {
  char buffer[64 * 1024];
  DIR *entries = opendir(folder);
  struct dirent *entry;
  if (!entries || depth > 20)
    return -1; // expect: resource-leak "'entries'"
  use(buffer);
  while ((entry = readdir(entries)))
    if (entry->d_type == DT_DIR) {
      snprintf(buffer, sizeof buffer, "%s/%s", folder, entry->d_name);
      walks_less(buffer, depth + 1);
    }
  closedir(entries);
  return 0;
}

// So do 200 small ones.
int walks_small(const char *folder, int depth) {
  char buffer[1024];
  if (++depth > LEVELS)
    return -1;
  snprintf(buffer, sizeof buffer, "%s/x", folder);
  use(buffer);
  return walks_small(buffer, depth) + buffer[0];
}

int walks_counted(const char *folder, int depth) {
  char buffer[100000]; // note: "a level takes"
  if (++depth > LEVELS)
    return -1;
  snprintf(buffer, sizeof buffer, "%s/x", folder);
  use(buffer);
  return walks_counted(buffer, depth) + buffer[0]; // expect: stack-budget "up to 201 levels deep"
}

struct parser {
  const char *at;
  int depth;
};

// The count is in memory: 1,000 levels of 16 KiB.
int read_group(struct parser *parser) {
  char name[16 * 1024];
  int count = 0;
  if (parser->depth >= 1000)
    return -1;
  parser->depth++;
  use(name);
  while (*parser->at && *parser->at != ')')
    if (*parser->at++ == '(')
      count += read_group(parser); // expect: stack-budget "up to 1,001 levels deep, and the stack is full at"
  parser->depth--;
  return count + 1;
}

// 100 of them fit.
int read_small_group(struct parser *parser) {
  char name[16 * 1024];
  int count = 0;
  if (parser->depth >= 100)
    return -1;
  parser->depth++;
  use(name);
  while (*parser->at && *parser->at != ')')
    if (*parser->at++ == '(')
      count += read_small_group(parser);
  parser->depth--;
  return count + 1;
}

// Two functions take turns, and one of them has the buffer.
int read_value(struct parser *parser, int depth);

int read_list(struct parser *parser, int depth) {
  char name[64 * 1024];
  int count = 0;
  use(name);
  while (*parser->at && *parser->at != ']')
    count += read_value(parser, depth + 1); // note: "'read_list' calls 'read_value' here"
  return count;
}

int read_value(struct parser *parser, int depth) {
  if (depth > LEVELS)
    return -1;
  return *parser->at++ == '[' ? read_list(parser, depth) + 1 : 1; // expect: stack-budget "up to 202 levels deep"
}
