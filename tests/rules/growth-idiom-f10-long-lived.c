/* G-F10, the twin of growth-idiom-f10-short-lived.c: the same words, but for every request. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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
  words = word; // expect: growth-unbounded "'words'"
}

static void words_read(int peer) {
  char text[64];
  FILE *stream = fdopen(peer, "r");
  if (!stream)
    return;
  while (fscanf(stream, "%63s", text) == 1)
    word_add(text);
  fclose(stream);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    size_t longest = 0;
    words_read(accept(listener, NULL, NULL));
    for (struct word *word = words; word; word = word->next)
      if (strlen(word->text) > longest)
        longest = strlen(word->text);
    printf("%zu\n", longest);
  }
}
