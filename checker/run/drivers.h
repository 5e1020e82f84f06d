/* drivers.h - --query-driver: compilers that are asked which folders they search for headers.
 *
 * The only place where a program is run that compile_commands.json names, so it is only run when
 * the user's pattern says so (a configuration file cannot), when its path is absolute, and when it
 * is no file of the analysed tree. Of the command it gets what decides about the answer, and
 * nothing else.
 */
#ifndef DRIVERS_H
#define DRIVERS_H

#include "cli/options.h"
#include "input/compile_commands.h"

/* Adds what they answer to the commands, as -isystem and --target. */
void drivers_ask(Arena *, const Texts *patterns, CompileDatabase *);

#endif
