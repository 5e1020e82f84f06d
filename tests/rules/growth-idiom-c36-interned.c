/* IDIOMS C36: names that are kept for good, one of each. With the program's own names there are as
 * many as it was written with; with those of strangers, as many as they think of. A function's
 * static is a global. */
// run: --min-confidence possible
// mechanism: growth-keys
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct name {
  char *text;
  struct name *next;
};

static const char *intern(const char *text) {
  static struct name *names;
  for (struct name *name = names; name; name = name->next)
    if (strcmp(name->text, text) == 0)
      return name->text;
  struct name *name = malloc(sizeof *name);
  if (!name)
    abort();
  name->text = strdup(text);
  name->next = names;
  names = name; // expect: growth-unbounded "'names'"
  return name->text;
}

static const char *keyword(const char *text) {
  static struct name *keywords;
  for (struct name *name = keywords; name; name = name->next)
    if (strcmp(name->text, text) == 0)
      return name->text;
  struct name *name = malloc(sizeof *name);
  if (!name)
    abort();
  name->text = strdup(text);
  name->next = keywords;
  keywords = name;
  return name->text;
}

int main(void) {
  char line[256];
  for (;;) {
    if (!fgets(line, sizeof line, stdin))
      continue;
    const char *text = intern(line);
    if (text == keyword("quit") || text == keyword("again"))
      text = "";
    puts(text);
  }
}
