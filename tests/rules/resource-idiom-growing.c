/* What a function is given and hands back, grown or as it was, belongs to who gets it back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *text_grow(char *text, size_t room) { // fact: open ret (memory)
  if (room < 16)
    return text;
  char *bigger = realloc(text, room);
  if (!bigger)
    abort();
  text = bigger;
  return text;
}

static char *text_add(char *text, const char *more) { // fact: open ret (memory)
  text = text_grow(text, strlen(text) + strlen(more) + 1);
  strcat(text, more);
  return text;
}

static char *text_new(void) {
  char *text = calloc(1, 16);
  if (!text)
    abort();
  return text;
}

int prints(const char *name, int wanted) {
  char *text = text_new();
  text = text_add(text, name);
  text = text_add(text, "!");
  if (!wanted)
    return 0; // expect: resource-leak "the memory 'text'"
  puts(text);
  free(text);
  return 1;
}

int prints_right(const char *name, int wanted) {
  char *text = text_new();
  text = text_add(text, name);
  text = text_add(text, "!");
  if (wanted)
    puts(text);
  free(text);
  return wanted;
}

/* Hands out what it made under the name of its parameter. */
static char *text_of(char *text, int number) { // fact: open ret (memory)
  text = malloc(12);
  if (text)
    snprintf(text, 12, "%d", number);
  return text;
}

int length_of(int number) {
  char *text = text_of(NULL, number);
  if (!text)
    return -1;
  size_t length = strlen(text);
  if (length > 9)
    return 9; // expect: resource-leak "the memory 'text'"
  free(text);
  return (int)length;
}
