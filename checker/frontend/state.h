/* state.h - what is known of the unit being read, shared by the files of frontend/.
 *
 * Everything is looked up by the address of libclang's declaration or type, because a hash lookup
 * is an order of magnitude cheaper than asking libclang again.
 */
#ifndef FRONTEND_STATE_H
#define FRONTEND_STATE_H

#include <clang-c/Index.h>

#include "frontend/map.h"
#include "frontend/parse.h"
#include "frontend/prefix.h"
#include "input/prefix.h"
#include "ir/build.h"

#define LIST(Type)                                                                                 \
  struct {                                                                                         \
    Type *at;                                                                                      \
    size_t count, capacity;                                                                        \
  }

#define list_push(arena, list, ...)                                                                \
  ((list)->at = arena_grow((arena), (list)->at, sizeof *(list)->at, (list)->count,                 \
                           &(list)->capacity, (list)->count + 1),                                  \
   (void)((list)->at[(list)->count++] = __VA_ARGS__))

typedef struct {
  const char *path; // as in UnitFile
  const char *text; // what libclang read; not terminated
  size_t size;
  CXFile file;
  const Prefix *pretended; // it is the header that this prefix was made from, else NULL
} Source;

enum { NO_SOURCE = 0xffffffffu };

typedef struct {
  Index source; // NO_SOURCE: no file, e.g. pasted tokens or a builtin
  uint32_t line, column, offset;
} Position;

typedef struct {
  Type type;         // element is an index into State.types
  CXType clang;      // the first type seen with this content
  uint32_t record;   // index into State.records, or MAP_NONE
  bool noreturn;     // a function type with the attribute
  Index in_function; // its index in the function being built, valid when epoch is current
  uint32_t epoch;
} TypeInfo;

typedef struct {
  CXCursor cursor;
  CXType type;
  const char *name;    // "" for an anonymous struct or union
  uint64_t offset;     // bytes, from the start of the record that names it
  uint64_t bit_offset; // from the start of its own record
  int bit_width;       // -1: no bit-field
} FieldInfo;

typedef struct {
  const char *key, *name;
  uint64_t size;
  bool is_union, complete, system;
  bool anonymous; // its fields belong to `owner`
  uint32_t owner; // index of the record that names its fields: itself unless anonymous
  uint64_t base;  // offset in the owner
  FieldInfo *fields;
  uint32_t field_count;
} RecordInfo;

/* Beside SYMBOL_* in NameInfo.symbol.flags; removed before the symbol goes into a function. */
enum { NAME_CONSTRUCTOR = 1 << 16, NAME_DESTRUCTOR = 1 << 17 };

typedef enum { NAME_FUNCTION, NAME_GLOBAL, NAME_FIELD, NAME_LOCAL, NAME_ENUMERATOR } NameKind;

typedef struct {
  NameKind kind;
  Symbol symbol;     // NAME_FUNCTION, GLOBAL, FIELD; its type is an index into State.types
  Index type;        // into State.types
  Index local;       // NAME_LOCAL
  int64_t value;     // NAME_ENUMERATOR
  Index in_function; // index of the symbol in the function being built
  uint32_t epoch;
  bool listed; // already in Unit.globals
} NameInfo;

typedef struct {
  Index source;
  uint32_t line, offset;
} ErrorPlace;

/* Of a unit that is parsed after a prefix: libclang gets the source with blanks in place of its
 * first directives, everybody else the source itself. */
typedef struct {
  const char *text, *blanked;
  size_t size;
  Directives directives;
} Overlay;

typedef struct {
  Arena *arena;   // of the unit: what is returned
  Arena *scratch; // dies with the parse
  Arena *body;    // dies with each function
  const FrontendJob *job;
  CXTranslationUnit tu;
  Unit *unit;
  const Prefix *prefix; // NULL: parsed from its first byte on
  Overlay overlay;      // set when `prefix` is and this is a source
  bool precompiling;    // it is a prefix itself
  bool doubtful;        // what was found after the prefix may differ from a parse without it

  LIST(Source) sources;
  LIST(TypeInfo) types;
  LIST(RecordInfo) records;
  LIST(NameInfo *) names; // stable addresses
  LIST(Function) functions;
  LIST(Global) globals;
  LIST(ErrorPlace) errors;
  LIST(const char *) missing;
  LIST(const char *) annotations;      // annotate.h
  uint64_t pointer_size;               // of the target
  LIST(CXCursor) pending_initialisers; // of static locals
  LIST(CXCursor) wanted;               // header statics that something refers to
  Map source_map, path_map, type_map, type_content_map, record_map, name_map;
  Map record_name_map; // nameless records: index into record_names
  LIST(const char *) record_names;
  Map lock_types;       // hashes of names
  Map function_by_name; // hash of name -> index into named_cursors; filled on first need
  Map variable_by_name; // likewise
  LIST(CXCursor) named_cursors;
  Map initialised; // key hashes of globals whose initialiser was lowered
  uint32_t nameless;

  CXFile last_file;
  Index last_source;
  uint32_t epoch;
  uint64_t stores; // made by initialisers in this unit
} State;

/* types.c */
Index type_of(State *, CXType);
Index type_plain(State *, TypeKind, uint64_t size);
Index type_pointer_to(State *, Index element);
Index type_named_record(State *, const char *key);
static inline TypeInfo *type_info(State *s, Index type) { return &s->types.at[type]; }
static inline const Type *type_at(State *s, Index type) { return &s->types.at[type].type; }

/* records.c */
uint32_t record_of(State *, CXType canonical);
void record_name_hint(State *, CXCursor record, const char *enclosing);
CXCursor record_decl_inside(CXType); // nameless record under pointers and arrays, or null
Record *records_finish(State *, uint32_t *count);

/* names.c */
NameInfo *name_of(State *, CXCursor declaration);
CXCursor name_overlaid(State *, CXCursor field); // the union's first pointer; null for other fields
NameInfo *name_new(State *, CXCursor declaration, NameInfo);
NameInfo *name_known(State *, CXCursor declaration); // NULL when not met yet
CXCursor function_named(State *, const char *name);
CXCursor variable_named(State *, const char *name); // outside functions
void global_listed(State *, NameInfo *, CXCursor declaration);

/* source.c */
Index source_of(State *, CXFile);
Position position_expansion(State *, CXSourceLocation);
Position position_spelling(State *, CXSourceLocation);
Position position_file(State *, CXSourceLocation);
const char *source_relative(State *, Arena *, const char *path);

/* overlay.c */
bool overlay_make(State *); // false: the source does not begin with s->prefix
const Prefix *overlay_pretended(State *, const char *path);
void overlay_move(State *, Position *); // from a pretended header to the source
/* The identifier at a position, "" when there is none. */
const char *source_word(State *, Arena *, Position);

#endif
