/* The lines of a log, kept in an array that is doubled by realloc; next to it one that is trimmed by
 * half when it is full, and one text that grows by what is appended. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 4096 };

static char **lines;
static size_t line_count, line_room;
static char **recent;
static size_t recent_count;
static char *transcript;
static size_t transcript_length;

static void line_keep(const char *text) {
  if (line_count == line_room) {
    line_room = line_room ? line_room * 2 : 64;
    lines = realloc(lines, line_room * sizeof *lines);
    if (!lines)
      abort();
  }
  lines[line_count++] = strdup(text); // expect: growth-unbounded "'lines'"
}

static void line_keep_some(const char *text) {
  if (!recent)
    recent = calloc(MOST, sizeof *recent);
  if (!recent)
    abort();
  if (recent_count == MOST) {
    for (size_t i = 0; i < MOST / 2; i++)
      free(recent[i]);
    memmove(recent, recent + MOST / 2, MOST / 2 * sizeof *recent);
    recent_count -= MOST / 2;
  }
  recent[recent_count++] = strdup(text);
}

static void line_append(const char *text) {
  size_t length = strlen(text);
  char *longer = realloc(transcript, transcript_length + length + 1);
  if (!longer)
    abort();
  transcript = longer;
  memcpy(transcript + transcript_length, text, length + 1); // expect: growth-unbounded "'transcript'"
  transcript_length += length;
}

int main(void) {
  char text[512];
  for (;;) {
    if (!fgets(text, sizeof text, stdin))
      continue;
    line_keep(text);
    line_keep_some(text);
    line_append(text);
    if (text[0] == '?')
      printf("%zu %zu %zu\n", line_count, recent_count, transcript_length);
  }
}
