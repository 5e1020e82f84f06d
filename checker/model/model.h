/* model.h - reads rules/models/ and the user's own files: what library calls do (docs/models.md).
 *
 * Grammar: ANALYSIS D.3. One function a line; `#` comments; later files override earlier ones.
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "model/effect.h"

typedef struct ModelSet ModelSet;

typedef struct {
  const char *name; // for messages: "pthread.model" or a path
  const char *text;
} ModelSource;

/* Reads the embedded models, then `extra` in order. On a syntax error returns NULL and *error is
 * "NAME:LINE:COLUMN: what is wrong" (in the arena). */
ModelSet *models_load(Arena *, TextPool *symbols, const ModelSource *extra, size_t count,
                      const char **error);
void models_free(ModelSet *);

/* The summary of a library function, or NULL. Lines on `struct tag.field` have that as name. It
 * governs also where the program has a body for that name. */
const Summary *models_find(const ModelSet *, TextId function);
/* The same for lines after a `fallback` header: only for functions without a body. */
const Summary *models_fallback(const ModelSet *, TextId function);
/* The lock kind of a type ("pthread_mutex_t" -> "mutex"), 0 when it is not a lock type. */
TextId models_lock_type(const ModelSet *, const char *type_name);
/* The names of all lock types, for the front end. */
const char **models_lock_types(const ModelSet *, Arena *, size_t *count);
/* Where the line that governs a function stands: "pthread.model:12"; NULL when there is none. */
const char *models_origin(const ModelSet *, TextId function);
Hash models_hash(const ModelSet *);

/* ---- what declarations say about locks: annotations in the program's own code (declared.c). Said
 * anew of each program that is linked: it hangs on the units, and is no part of models_hash. */
typedef struct {
  uint32_t functions;      // whose declarations say something
  uint32_t data;           // likewise: globals, members and orders of locks
  uint32_t not_understood; // something that is left out: an expression, a contradiction
} DeclaredCounts;

/* `texts` are Unit.annotations; what was declared before is forgotten. */
void models_declare(ModelSet *, const char *const *texts, size_t count);
/* By its key; NULL when nothing is. Flags tell SUMMARY_UNCHECKED. */
const Summary *models_declared(const ModelSet *, TextId function);
/* The lock that guards a global or member as its declaration says, by class; 0: it says nothing, or
 * names several. */
TextId models_guard(const ModelSet *, TextId key);
bool models_have_guards(const ModelSet *);
/* Is `first` said to be taken before `second`, both by class? */
bool models_ordered(const ModelSet *, TextId first, TextId second);
bool models_have_orders(const ModelSet *);
DeclaredCounts models_declared_counts(const ModelSet *);

/* The embedded files (made by CMake from rules/models/). */
extern const ModelSource embedded_models[];
extern const size_t embedded_model_count;

#endif
