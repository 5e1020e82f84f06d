/* A local that is only ever set to one function is another name of it. */
// mechanism: only-function
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *latest;

static void print(char *text) { puts(text); }

static void drop(char *text) { free(text); }

static void keep(char *text) { latest = text; }

void dropped(size_t size) {
  void (*done)(char *) = drop;
  char *text = malloc(size);
  done(text);
}

void kept(size_t size) {
  void (*done)(char *) = keep;
  char *text = malloc(size);
  done(text);
}

/* Which one is called is not known. */
void one_of_two(size_t size, int keeps) {
  void (*done)(char *) = print;
  if (keeps)
    done = keep;
  char *text = malloc(size);
  done(text);
}

void given(size_t size, void (*done)(char *)) {
  char *text = malloc(size);
  done(text);
}

void lost(size_t size) {
  void (*done)(char *) = print;
  char *text = malloc(size); // note: "opened by 'malloc' here"
  if (!text)
    return;
  strcpy(text, "text");
  done(text);
} // expect: resource-leak "the memory 'text' is not freed"
