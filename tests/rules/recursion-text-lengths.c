/* A text that is walked is as long as what callers give: what stands in the program, or an array of
 * some bytes, which fits on the stack or not. */
// flags: -D_GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Alternatives through a variadic function. */
static int fits(const char *pattern, const char *word) {
  if (*pattern == '!')
    return fits(pattern + 1, word) ? 0 : 1;
  return !strcmp(pattern, word);
}

static int all_fit(char **words, int count, ...) {
  va_list patterns;
  int fit = 1;
  va_start(patterns, count);
  for (int i = 0; i < count; i++) {
    const char *pattern = va_arg(patterns, const char *);
    fit &= fits(pattern, words[i]);
  }
  va_end(patterns);
  return fit;
}

int is_create_table(char **words) { return all_fit(words, 2, "CREATE", "!TABLE"); }

/* One of the variadic arguments comes from somewhere else. */
static int fits_any(const char *pattern, const char *word) {
  if (*pattern == '!')
    return fits_any(pattern + 1, word) ? 0 : 1; // expect: recursion-unbounded "the nesting of what is read"
  return !strcmp(pattern, word);
}

static int all_fit_any(char **words, int count, ...) {
  va_list patterns;
  int fit = 1;
  va_start(patterns, count);
  for (int i = 0; i < count; i++) {
    const char *pattern = va_arg(patterns, const char *);
    fit &= fits_any(pattern, words[i]);
  }
  va_end(patterns);
  return fit;
}

int is_create(char **words) { return all_fit_any(words, 2, "CREATE", getenv("OBJECT")); }

/* Lines of 1 KiB, and 1,024 levels fit. */
static int count_open(const char *text) {
  text = strchr(text, '(');
  return text ? 1 + count_open(text + 1) + (text[1] == ')') : 0;
}

int count_in_lines(FILE *file) {
  char line[1024], *text;
  int count = 0;
  while (fgets(line, sizeof(line), file)) {
    text = strchr(line, ':');
    if (!text)
      continue;
    *text++ = '\0';
    count += count_open(text);
  }
  return count;
}

/* As long as the line is. */
static int count_closed(const char *text) {
  text = strchr(text, ')');
  return text ? 1 + count_closed(text + 1) + (text[1] == '(') : 0; // expect: recursion-unbounded "the nesting of what is read"
}

int count_in_long_lines(FILE *file) {
  char *line = NULL;
  size_t room = 0;
  int count = 0;
  while (getline(&line, &room, file) > 0)
    count += count_closed(line);
  free(line);
  return count;
}

/* Lines of 1 KiB, but each level takes 16 of them. */
static int unfold(const char *text, FILE *out) {
  char copy[16 * 1024];
  const char *open = strchr(text, '(');
  if (!open)
    return fputs(text, out);
  snprintf(copy, sizeof(copy), "%.*s[", (int)(open - text), text);
  return fputs(copy, out) + unfold(open + 1, out); // expect: recursion-unbounded "the nesting of what is read"
}

int unfold_line(FILE *in, FILE *out) {
  char line[1024];
  return fgets(line, sizeof(line), in) ? unfold(line, out) : 0;
}
