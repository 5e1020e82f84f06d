/* annotate.h - what declarations say about locks: Clang's capability attributes and the context
 * macros of sparse, as lines of the model language (docs/models.md). */
#ifndef FRONTEND_ANNOTATE_H
#define FRONTEND_ANNOTATE_H

#include "frontend/state.h"

/* Is it an attribute of Clang's thread safety analysis that speaks of a function? */
bool annotation_word(const char *word);
/* `attributes`: it has some of those. Lines go to State.annotations. */
void annotate_function(State *, CXCursor declaration, const NameInfo *, bool attributes);
/* annotate_data.c: of a global, or a member of a record. */
void annotate_data(State *, CXCursor declaration, const NameInfo *);
const char *annotations_finish(State *); // Unit.annotations

/* annotate_path.c: the lock that an expression means, as the model language says it; NULL when it
 * is not understood. */
const char *annotation_place(State *, CXCursor function, const char *expression);
/* Its class (wait/rows.h), in an annotation of a global or a member. */
const char *annotation_class(State *, CXCursor declaration, const char *expression);

/* annotate_text.c: the arguments of an attribute as they are after macros; NULL when they cannot be
 * told. "" when it has none. */
const char *annotation_arguments(State *, CXSourceLocation attribute);
/* What stands between a function's parameters and its body or the end of the declaration. */
const char *annotation_tail(State *, CXCursor declaration);
/* From behind an opening parenthesis to the one that closes it, or `end`. */
const char *annotation_closing(const char *at, const char *end);
/* The arguments of a list, at most `room`. */
uint32_t annotation_split(Arena *, const char *list, const char **arguments, uint32_t room);

#endif
