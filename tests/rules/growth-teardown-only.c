/* G2: there is a removal, but only when the program ends, or only in a command that somebody has to
 * think of. It is possible that this is enough. */
// run: --min-confidence info
// mechanism: growth-worked-off
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct entry {
  char *text;
  struct entry *next;
};

static struct entry *freed_at_exit, *told_at_exit, *freed_at_end, *on_request, *dropped_by_name;

static struct entry *entry_new(const char *text, struct entry *next) {
  struct entry *entry = malloc(sizeof *entry);
  if (!entry)
    abort();
  entry->text = strdup(text);
  entry->next = next;
  return entry;
}

static void entries_free(struct entry **head) {
  while (*head) {
    struct entry *next = (*head)->next;
    free((*head)->text);
    free(*head);
    *head = next;
  }
}

static void at_exit(void) { entries_free(&freed_at_exit); }

static void tell_all(void) {
  for (; told_at_exit; told_at_exit = told_at_exit->next)
    puts(told_at_exit->text);
}

static void drop(struct entry **link, const char *text) {
  while (*link && strcmp((*link)->text, text) != 0)
    link = &(*link)->next;
  struct entry *entry = *link;
  if (entry) {
    *link = entry->next;
    free(entry->text);
    free(entry);
  }
}

int main(void) {
  char text[128];
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  atexit(at_exit);
  atexit(tell_all);
  while (recv(listener, text, sizeof text - 1, 0) > 0) {
    if (text[0] == 'r') {
      entries_free(&on_request);
    } else if (text[0] == 'd') {
      drop(&dropped_by_name, text);
    } else {
      freed_at_exit = entry_new(text, freed_at_exit); // expect: growth-unbounded@possible "'freed_at_exit'"
      told_at_exit = entry_new(text, told_at_exit); // expect: growth-unbounded@info "'told_at_exit'"
      freed_at_end = entry_new(text, freed_at_end); // expect: growth-unbounded@info "'freed_at_end'"
      on_request = entry_new(text, on_request); // expect: growth-unbounded@info "'on_request'"
      dropped_by_name = entry_new(text, dropped_by_name);
    }
  }
  entries_free(&freed_at_end);
  return 0; // expect: resource-leak@info "'listener'"
}
