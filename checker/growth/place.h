/* place.h - access paths: how a function comes to a place, from something that outlives it, or that
 * it was given (ANALYSIS B.2).
 *
 * `server.clients->head` is GLOBAL server, FIELD clients, TARGET, FIELD head. Paths are
 * hash-consed, so equal paths have equal ids. What is reached by following a link again and again
 * has the path of the first time: appending a field of a record that the path has been in already
 * cuts it back to there, so all nodes of a list have one path.
 */
#ifndef GROWTH_PLACE_H
#define GROWTH_PLACE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/text.h"

typedef uint32_t PathId; // 0 is "none"

typedef enum {
  PATH_NONE,
  /* where it begins */
  PATH_GLOBAL,    // symbol
  PATH_PARAMETER, // number: the parameter as a variable, with its value at entry
  PATH_LOCAL,     // number: a local in memory
  PATH_RESULT,    // number: instruction; what that call gave, as if it were a variable
  PATH_RETURNED,  // what the function returns, as if it were one
  PATH_UNKNOWN,   // somewhere
  /* steps */
  PATH_TARGET, // what the pointer there points to
  PATH_FIELD,  // symbol
  PATH_ELEMENT,
} PathKind;

typedef struct {
  PathId parent, root;
  PathId key;     // see path_key(), once it was asked for
  uint8_t kind;   // PathKind
  uint8_t length; // of steps
  uint32_t number;
  TextId owner;   // PATH_FIELD: key of the record
  TextId pointee; // key of the record that what is there points to, also by more than one star; 0
} PathNode;

typedef struct PathTable PathTable;

PathTable *paths_new(TextPool *symbols);
void paths_free(PathTable *);
uint32_t paths_count(const PathTable *);
const PathNode *path_at(const PathTable *, PathId); // until the next one is made

PathId path_root(PathTable *, PathKind, uint32_t number, TextId pointee);
PathId path_target(PathTable *, PathId);
PathId path_field(PathTable *, PathId, TextId symbol, TextId pointee);
PathId path_element(PathTable *, PathId);

PathId path_first(const PathTable *, PathId); // its root
bool path_starts(const PathTable *, PathId path, PathId with);
/* `path` with its beginning `from` replaced. */
PathId path_replace(PathTable *, PathId path, PathId from, PathId to);
PathId path_import(PathTable *to, const PathTable *from, PathId);

/* Where one node of a list or tree points to another: the object that the link is a part of; 0 when
 * the path does not end in a link. */
PathId path_linked(const PathTable *, PathId);
/* The first field of the record that the path's last pointer leads to, as a symbol; 0: none. What
 * tells the lists of one record apart: `struct item.by_key`, `struct item.by_age`. */
TextId path_member(const PathTable *, PathId);
/* What a list, tree or table is known by, given any place in it. */
PathId path_container(PathTable *, PathId);
/* Its root and fields only: what is the same however it is reached. */
PathId path_key(PathTable *, PathId);

#endif
