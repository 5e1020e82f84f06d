/* domains.h - which threads a function may run in: main's, one for each function that threads are
 * started with, and whoever calls a library from outside. Callbacks run in the thread of who
 * registers them. Imprecise: threads of one function are one domain, however different their work.
 */
#ifndef WAIT_DOMAINS_H
#define WAIT_DOMAINS_H

#include "link/multiplicity.h"

typedef enum { DOMAIN_MAIN, DOMAIN_THREAD, DOMAIN_OUTSIDE } DomainKind;

enum { DOMAINS = 64 }; // the last is for all that do not fit

typedef struct {
  DomainKind kind;
  uint32_t function; // main, or what the thread runs; of DOMAIN_OUTSIDE nothing
  bool is_many;      // several such threads may run at the same time
  uint64_t mains;    // domains of the programs that it belongs to; 0: any
} Domain;

typedef struct {
  Domain at[DOMAINS];
  uint32_t count;
  uint64_t *of;     // by function id: bits
  bool is_library;  // there is no main
  bool has_threads; // it starts threads itself
} Domains;

/* A library's exported functions may be called by several threads at once. */
Domains *domains_new(Arena *, const Program *, const Multiplicities *);

/* Two different threads, or two of many, in one process. */
bool domains_meet(const Domains *, uint32_t a, uint32_t b);

#endif
