/* linkage.h - which units are linked with which (DESIGN 9).
 *
 * compile_commands.json does not say what is linked with what. A linked program is taken to be
 * what one root needs: a unit that defines main, the units that define the names it uses, and so
 * on. Units that no root needs are the library: they may be linked with anybody. What the user says
 * ([program NAME] in .overstay.ini) comes first: such a program is the units that are named, and no
 * root among them has another.
 */
#ifndef LINK_LINKAGE_H
#define LINK_LINKAGE_H

#include "link/program.h"

/* Finds the linked programs. No function is added afterwards. */
void linkage_find(Program *);
void linkage_free(struct Linkage *); // tables outside the arena; NULL is fine

/* Names of functions that a function calls, takes the address of, or stores. 0: not defined here.
 */
uint32_t linkage_used_count(const ProgramFunction *);
TextId linkage_used(const Program *, const ProgramFunction *, uint32_t i);

uint32_t linkage_count(const Program *); // linked programs; 0 when every name has one meaning
bool linkage_member(const Program *, const ProgramFunction *, uint32_t linked);
/* In no linked program, as far as is seen: it may belong to any. */
bool linkage_is_free(const Program *, const ProgramFunction *);
bool linkage_same_unit(const ProgramFunction *, const ProgramFunction *);
/* It stands in a root, and the caller is not in the same unit: nobody calls into another program.
 */
bool linkage_is_other_root(const Program *, const ProgramFunction *caller,
                           const ProgramFunction *target);
/* How many units use the name and are linked with that definition of it. */
uint32_t linkage_users(const Program *, TextId symbol, const ProgramFunction *definition);
/* How much of their folders two paths share; a sibling is nearer than a file further down. */
size_t linkage_nearness(const char *path, const char *other);

#endif
