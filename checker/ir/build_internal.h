/* build_internal.h - what the files of the builder share; nobody else includes it. */
#ifndef IR_BUILD_INTERNAL_H
#define IR_BUILD_INTERNAL_H

#include "ir/build.h"

/* Open addressing over indexes of some other array; an entry keeps its hash so that growing needs
 * no callback. */
typedef struct {
  uint32_t hash, index_plus_one;
} Slot;

typedef struct {
  Slot *slots;
  size_t capacity, used;
} Table;

typedef bool TableEqual(const Builder *, uint32_t index, const void *key);

/* Finds the index of `key`, or puts `fresh` there and returns it. */
uint32_t table_intern(Builder *, Table *, uint32_t hash, TableEqual *, const void *key,
                      uint32_t fresh);
uint32_t hash_words(const uint32_t *words, size_t count);
uint32_t hash_string(const char *);

typedef struct {
  uint32_t first, last, count; // chain through BuildInstruction.next; index + 1, 0 is none
  uint8_t terminator;
  bool closed;
  bool kept; // stays though it only jumps: somebody wrote that jump
  NodeId value;
  Edge *edges;
  uint32_t edge_count;
  Index location;
} BuildBlock;

typedef struct {
  Instruction instruction;
  Index location;
  uint32_t next; // index + 1
} BuildInstruction;

/* A growable table in the builder's private arena. */
#define POOL(Type)                                                                                 \
  struct {                                                                                         \
    Type *at;                                                                                      \
    size_t count, capacity;                                                                        \
  }

#define pool_push(builder, pool, ...)                                                              \
  ((pool)->at = arena_grow((builder)->scratch, (pool)->at, sizeof *(pool)->at, (pool)->count,      \
                           &(pool)->capacity, (pool)->count + 1),                                  \
   (void)((pool)->at[(pool)->count++] = __VA_ARGS__))

struct Builder {
  Arena *arena;   // of the function
  Arena *scratch; // of the builder: dies in build_finish
  Function *function;

  POOL(Node) nodes;
  POOL(Constant) constants;
  POOL(const char *) texts;
  POOL(const char *) names; // of macros; not a table of the function
  POOL(Local) locals;
  POOL(Symbol) symbols;
  POOL(Type) types;
  POOL(Index) plain; // per type: the same without typedef names
  POOL(Location) locations;
  POOL(const char *) files;
  POOL(BuildBlock) blocks;
  POOL(BuildInstruction) instructions;
  POOL(NodeId) args;

  Table node_table, constant_table, text_table, name_table, symbol_table, type_table,
      location_table;
  Index current, location;
  uint32_t temps, unknowns;
};

Index build_text(Builder *, const char *);             // index into texts
const char *build_name(Builder *, const char *);       // interned, stable; "" for NULL
bool build_is_object_address(const Builder *, NodeId); // a value that is never null

#endif
