#ifndef REGISTRY_H
#define REGISTRY_H

struct command {
  const char *name;
  int (*run)(const char *argument);
  struct command *next;
};

struct alias {
  char *name;
  struct alias *next;
};

void command_register(const char *name, int (*run)(const char *argument));
int command_run(const char *name, const char *argument);
int alias_add(const char *name);
int alias_known(const char *name);
void builtins_register(void);

#endif
