/* deeds.h - what callees receive from others, and what they do to what they are given, by their
 * facts alone (the inside of intake.c). */
#ifndef GROWTH_DEEDS_H
#define GROWTH_DEEDS_H

#include "growth/facts.h"

enum { // what a function does to something that it is given
  DEED_FILLS = 1,
  DEED_RESIZES = 2,
  DEED_LINKS = 4,
  DEED_EMPTIES = 8,
};

typedef struct {
  Program *program;
  const PathTable *paths;    // of the facts
  const GrowthFacts **facts; // by function id
  uint8_t *far;              // by function id: calls to where something is received
} Callees;

Callees callees_new(Arena *, Program *, const PathTable *, const GrowthFacts *, uint32_t count);
/* A model says so. */
bool model_receives(const Program *, TextId callee);
/* It receives something itself, or by calls that are near; or is next to one that does. */
bool callee_receives(const Callees *, uint32_t id);
bool callee_may_receive_in_loop(const Callees *, uint32_t id);
uint32_t deed_of(const Touch *);
/* To the object that this parameter points to. */
uint32_t callee_deeds(const Callees *, uint32_t id, uint32_t parameter);
/* Elements that are linked, or a block that gets larger when it is full. */
bool makes_longer(uint32_t deeds);
/* The result is somebody's already. */
bool callee_returns_known(const Callees *, uint32_t id);

#endif
