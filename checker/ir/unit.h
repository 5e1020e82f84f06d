/* unit.h - what one parse gives: everything that later stages know of a translation unit.
 * Produced by frontend/ in a worker, sent as bytes (ir/serial.h), kept by store/. */
#ifndef IR_UNIT_H
#define IR_UNIT_H

#include "ir/allow.h"
#include "ir/ir.h"

typedef enum {
  UNIT_OK,           // parsed; some functions may still be tainted
  UNIT_PARSE_FAILED, // libclang gave no translation unit
  UNIT_CRASHED,      // the worker died on it, twice
  UNIT_TIMEOUT,      // passed --tu-timeout
  UNIT_MEMORY,       // passed --tu-memory
  UNIT_UNREADABLE,   // source missing, not a regular file, or it changed while being read
} UnitStatus;

typedef struct {
  const char *path; // root-relative when inside the root, else absolute
  uint64_t size;
  int64_t mtime_ns;
  Hash content;
  bool system;
  const Allow *allows;
  uint32_t allow_count;
} UnitFile;

/* What stood under a name where a header was looked for in vain, or for __has_include. */
typedef enum { LOOKUP_NOTHING, LOOKUP_FOLDER, LOOKUP_FILE } LookupState;

typedef struct {
  const char *name; // of one part: no slash
  uint8_t state;    // LookupState
} Lookup;

/* A folder that is there, and the names that were looked for in it. */
typedef struct {
  const char *path;           // as UnitFile.path
  int64_t mtime_ns, ctime_ns; // from before the looks: equal ones mean that all is as it was
  uint64_t inode;
  const Lookup *lookups; // by name
  uint32_t count;
} UnitFolder;

typedef struct {
  const char *key;  // "struct pool#1f3a5c77"
  const char *name; // "struct pool"
  uint64_t size;
  bool is_union;
  Symbol *fields; // type is an index into Unit.types
  uint32_t field_count;
} Record;

typedef struct {
  const char *key, *name;
  uint32_t flags; // SYMBOL_*
  Index type;     // into Unit.types
  const char *source;
  uint32_t line;
  bool is_definition;
} Global;

typedef struct {
  const char *path;
  uint32_t line, column;
  bool fatal;
  const char *text;
} Diagnostic;

typedef struct Unit {
  const char *source; // root-relative path of the main file
  Hash command_hash;  // of the flags that libclang saw, and the directory
  UnitStatus status;
  const char *reason; // for status != UNIT_OK
  Function *functions;
  uint32_t function_count;
  Record *records;
  uint32_t record_count;
  Global *globals;
  uint32_t global_count;
  Type *types;
  uint32_t type_count;
  UnitFile *files;
  uint32_t file_count;
  const char **missing;
  uint32_t missing_count; // headers that were not found
  UnitFolder *folders;    // by path
  uint32_t folder_count;
  Diagnostic *diagnostics;
  uint32_t diagnostic_count; // errors only, at most 20
  const char **dropped_flags;
  uint32_t dropped_flag_count;
  const char *annotations; // what declarations say about locks: lines for models_declare (model.h)
  bool declares_locks;     // a lock type or lock function of the models is declared in its own code
  double parse_seconds, lower_seconds; // CPU
} Unit;

#endif
