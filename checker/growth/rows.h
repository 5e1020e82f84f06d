/* rows.h - effects by the key of what they concern, and which keys are names of one container (the
 * inside of containers.c). */
#ifndef GROWTH_ROWS_H
#define GROWTH_ROWS_H

#include "base/array.h"
#include "base/hash_map.h"
#include "growth/containers.h"

/* One effect on something with a key. */
typedef struct {
  uint32_t effect;
  PathId key;
  PathId named; // what it is known by, when `key` is only what others may call it
  uint32_t next_of_key, next_of_member, next_of_field, next_lessening;
} Row;

/* A row that puts something in. */
typedef struct {
  uint32_t row;
  TextId member;                    // that links it
  PathId element;                   // key of what is put in
  uint32_t next_of_member, next_of; // others that put in by this member, or what has this key
} Growing;

typedef struct {
  Arena *arena;
  const Program *program;
  PathTable *paths;
  const GrowthEffects *effects;
  ARRAY(Row) rows;
  uint32_t *by_key;    // per path: first row
  uint32_t *by_member; // per text: first row that takes out an element by this member
  uint32_t *by_field;  // per text: first row of a loss whose root is not known, by its last field
  bool *is_kept;       // per path: a pointer that is stored in another place, too
  bool *begins;        // per text: a field that is emptied somewhere, and links no elements
  bool *is_common;     // per text: a record that several containers are, or are made of
  uint32_t *parents;   // per path: keys of one container (union-find)
  uint32_t *next_key;  // per path: another key of its container
  uint32_t path_count;
  size_t text_count;
  ARRAY(Growing) growing;
  uint32_t *growing_by_member; // per text: first of them
  uint32_t *growing_of;        // per path: first that puts in what has this key
  uint32_t *lessening;         // per path: first row that makes a number in this record smaller
  HashMap fed;       // pairs of fields that names of containers end in into which something is put
  uint32_t *noted;   // per text: the container that was last at hand when it came along
  uint32_t *tellers; // per effect on something global: functions whose call of it is one, too

} Search;

const Touch *touch_of(const Search *, uint32_t effect);
PathKind root_kind(const Search *, PathId path);
void add_row(Search *, uint32_t effect);
/* When all rows are there. */
void index_rows(Search *);
/* What each container is asked about all rows, once for all of them. */
void list_rows(Search *);
void unite_keys(Search *);
void find_common_records(Search *);
void find_beginnings(Search *);
void find_kept(Search *);
void find_tellers(Search *);

void find_fed(Search *);
/* The key that stands for all of the same container. */
PathId leader(const Search *, PathId key);
/* Something is put into a container whose name ends as `named` does, and `key` does not: that is
 * what is named, and not this one by another name. */
bool is_another_that_grows(const Search *, PathId named, PathId key);
/* Parts of one record, or globals whose names begin alike: clients, client_count. */
bool are_siblings(const Search *, PathId a, PathId b);

#endif
