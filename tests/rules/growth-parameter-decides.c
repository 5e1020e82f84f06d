/* growth-unbounded: what is put in hangs on a number that the callers give. While the program runs
 * they give the one that leaves it alone, or takes the old ones out first. */
// mechanism: growth-demands
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum action { ACTION_ADD, ACTION_DROP };

struct option {
  int number;
  struct option *next;
};

struct settings {
  struct option *options, *extras, *actions, *kept;
};

static struct settings settings;

static struct option *option_new(int number) {
  struct option *option = calloc(1, sizeof *option);
  if (!option)
    abort();
  option->number = number;
  return option;
}

static void option_push(struct option **list, int number) {
  struct option *option = option_new(number);
  option->next = *list;
  *list = option;
}

/* The lists that are only filled when it is read for the first time. */
static void settings_line(struct settings *to, bool again, int number) {
  if (number < 0)
    return;
  option_push(&to->extras, number); // expect: growth-unbounded "'settings.extras'"
  if (again)
    return;
  option_push(&to->options, number);
}

static void settings_read(struct settings *to, bool again) {
  for (int i = 0; i < rand(); i++)
    settings_line(to, again, i);
}

/* One function for all that can be done to a list. */
static void change(struct settings *to, enum action action, int number) {
  struct option *first = to->actions;
  switch (action) {
  case ACTION_ADD:
    option_push(&to->actions, number);
    break;
  case ACTION_DROP:
    if (first) {
      to->actions = first->next;
      free(first);
    }
    break;
  }
}

/* The same, but nobody asks for what it can do. */
static void keep(struct settings *to, enum action action, int number) {
  struct option *first = to->kept;
  if (action == ACTION_ADD) {
    option_push(&to->kept, number); // expect: growth-unbounded "'settings.kept'"
  } else if (first) {
    to->kept = first->next;
    free(first);
  }
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  settings_read(&settings, false);
  change(&settings, ACTION_ADD, 1);
  keep(&settings, ACTION_ADD, 1);
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    if (connection < 0)
      settings_read(&settings, true);
    change(&settings, ACTION_DROP, connection);
    keep(&settings, ACTION_ADD, connection);
    close(connection);
  }
}
