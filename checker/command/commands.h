/* commands.h - the commands that only show something. Each returns the exit code. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "cli/options.h"

int command_rules(const Options *);
int command_explain(const Options *);
int command_graph(const Options *);
int command_contract(const Options *);
int command_models(const Options *);
int command_dump(const Options *);
int command_db(const Options *);
int command_plan(const Options *);
int command_config(const Options *);
int command_completions(const Options *);
int command_manual(const Options *);
int command_version(const Options *);

#endif
