#include "registry.h"
#include <stdio.h>
#include <string.h>

static int run_help(const char *argument) { return puts(argument); }
static int run_alias(const char *argument) { return alias_known(argument) ? 0 : alias_add(argument); }
static int run_stop(const char *argument) { return (int)strlen(argument); }

static const struct {
  const char *name;
  int (*run)(const char *argument);
} builtins[] = {{"help", run_help}, {"alias", run_alias}, {"stop", run_stop}};

void builtins_register(void) {
  for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
    command_register(builtins[i].name, builtins[i].run);
}

int main(void) {
  char name[32], argument[64];
  builtins_register();
  command_register("echo", run_help);
  for (;;) {
    if (scanf("%31s %63s", name, argument) != 2)
      continue;
    command_run(name, argument);
  }
}
