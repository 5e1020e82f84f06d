/* G-F10: a tool that reads what it was given once, tells about it and ends. What it holds is as
 * long as its input; nothing is to be removed. (growth-idiom-f10-long-lived.c is the same code in a
 * program that goes on.) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct word {
  char *text;
  struct word *next;
};

static struct word *words;

static void word_add(const char *text) {
  struct word *word = malloc(sizeof *word);
  if (!word)
    abort();
  word->text = strdup(text);
  word->next = words;
  words = word;
}

static void words_read(const char *path) {
  char text[64];
  FILE *file = fopen(path, "r");
  if (!file)
    return;
  while (fscanf(file, "%63s", text) == 1)
    word_add(text);
  fclose(file);
}

int main(int count, char **arguments) {
  size_t longest = 0;
  for (int i = 1; i < count; i++)
    words_read(arguments[i]);
  for (struct word *word = words; word; word = word->next)
    if (strlen(word->text) > longest)
      longest = strlen(word->text);
  printf("%zu\n", longest);
  return 0;
}
