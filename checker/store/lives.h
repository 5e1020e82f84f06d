/* lives.h - the life of each thread of a program: created where and how often, joined or detached
 * where, or by nobody. For pictures of the whole program: made by rule/threads/lives.c, written by
 * report/; it is not stored.
 */
#ifndef STORE_LIVES_H
#define STORE_LIVES_H

#include <stdbool.h>
#include <stdint.h>

typedef enum { LIFE_CREATED, LIFE_JOINED, LIFE_DETACHED } LifeEventKind;

typedef struct {
  LifeEventKind kind;
  const char *function, *path; // name; as the store names it
  uint32_t line;
  const char *often; // of a creation: "any number of times: ...", else ""
} LifeEvent;

typedef enum {
  FATE_NOBODY, // neither joined nor detached
  FATE_JOINED,
  FATE_DETACHED, // by somebody, by an attribute, or by itself
} LifeFate;

/* The threads whose handles are kept in one field or global, or that one function knows. */
typedef struct {
  const char *handle;   // "struct pool.thread", "flusher", "thread"
  const char *owner;    // name of the function that alone knows the handle, or ""
  const char **entries; // names of what they run, as far as it is known
  uint32_t entry_count;
  LifeEvent *events; // creations, joins, detaches
  uint32_t event_count;
  bool detaches_itself, created_detached;
  LifeFate fate;
} ThreadLife;

#endif
