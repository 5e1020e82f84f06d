/* G-F1, IDIOMS C29: what is registered before the first round of the main loop is as long as the
 * program text. `aliases` is filled by the same kind of code, but for every request. */
#include "registry.h"
#include <stdlib.h>
#include <string.h>

static struct command *commands;
static struct alias *aliases;

void command_register(const char *name, int (*run)(const char *argument)) {
  struct command *command = malloc(sizeof *command);
  if (!command)
    abort();
  command->name = name;
  command->run = run;
  command->next = commands;
  commands = command;
}

int command_run(const char *name, const char *argument) {
  for (struct command *command = commands; command; command = command->next)
    if (strcmp(command->name, name) == 0)
      return command->run(argument);
  return -1;
}

int alias_add(const char *name) {
  struct alias *alias = malloc(sizeof *alias);
  if (!alias)
    return -1;
  alias->name = strdup(name);
  alias->next = aliases;
  aliases = alias; // expect: growth-unbounded "'aliases'"
  return 0;
}

int alias_known(const char *name) {
  for (struct alias *alias = aliases; alias; alias = alias->next)
    if (strcmp(alias->name, name) == 0)
      return 1;
  return 0;
}
