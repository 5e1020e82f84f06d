/* touching.h - what the parts of touch.c share: the stores of a function, and what has been made of
 * them so far (the inside of touch.c). */
#ifndef GROWTH_TOUCHING_H
#define GROWTH_TOUCHING_H

#include "growth/touch.h"

enum { MOVED_LIMIT = 8 };

typedef struct {
  const WriteSet *set;
  PathTable *paths;
  Touch *at;
  uint32_t count;
  size_t room;
  PathId moved[MOVED_LIMIT]; // ends of lists between which elements are moved
  uint32_t moved_count;
} Classifying;

PathKind kind_of(const Classifying *, PathId);
PathKind root_of(const Classifying *, PathId);
/* Somebody else knows it when the function is done; what a call gave may be known, too. */
bool is_lasting(const Classifying *, PathId);
bool is_fresh(const Classifying *, PathId);
void emit(Classifying *, Touch);

/* ---- arrays */

/* The number is made one more (1) or less (-1). */
bool counts(const Write *, PathId place, int8_t direction);
/* The pointer to the array that a place is an element of; 0: it is none, or its size is fixed. */
PathId array_of(const Classifying *, PathId place);
bool is_empty(const Write *);
void fills_array(Classifying *, const Write *, PathId place);
/* When the rest is done. */
void find_counted(Classifying *);

#endif
