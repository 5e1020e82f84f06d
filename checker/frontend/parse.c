/* parse.c - runs libclang over one command and gathers what came out.
 *
 * Flags of the warning family are ours alone: what gcc only warns about is an error in clang 16 and
 * later, and an error taints the function around it.
 */
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/text.h"
#include "frontend/cursor.h"
#include "frontend/lower.h"
#include "frontend/parse.h"

enum { DIAGNOSTICS_KEPT = 20 };

struct Frontend {
  CXIndex index;
  Arena *arena;      // of what is kept from unit to unit
  Map system_header; // hash of flags and path -> whether it is one
};

static const char *const own_flags[] = {
    "-w",
    "-ferror-limit=0",
    "-Wno-error=implicit-function-declaration",
    "-Wno-error=implicit-int",
    "-Wno-error=int-conversion",
    "-Wno-error=incompatible-function-pointer-types",
};
enum { OWN_FLAGS = sizeof own_flags / sizeof *own_flags };

Frontend *frontend_new(void) {
  Frontend *frontend = memory_resize(NULL, sizeof *frontend);
  *frontend = (Frontend){.index = clang_createIndex(0, 0), .arena = arena_new()};
  return frontend;
}

void frontend_free(Frontend *frontend) {
  if (!frontend)
    return;
  clang_disposeIndex(frontend->index);
  arena_free(frontend->arena);
  memory_free(frontend);
}

static double cpu_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- the command */

static Hash command_hash(State *s) {
  const FrontendJob *job = s->job;
  Hash hash = hash_text(source_relative(s, s->scratch, job->directory));
  for (size_t i = 0; i < job->flag_count; i++)
    hash = hash_pair(hash, hash_text(job->flags[i]));
  for (size_t i = 0; i < OWN_FLAGS; i++)
    hash = hash_pair(hash, hash_text(own_flags[i]));
  return hash;
}

static const char *error_text(enum CXErrorCode code) {
  switch (code) {
  case CXError_Crashed: return "libclang crashed";
  case CXError_InvalidArguments: return "libclang rejects the arguments";
  case CXError_ASTReadError: return "libclang cannot read the unit";
  default: return "libclang gives no translation unit";
  }
}

static bool parse(Frontend *frontend, State *s) {
  const FrontendJob *job = s->job;
  size_t count = 0;
  const char **arguments =
      arena_new_array(s->scratch, const char *, job->flag_count + OWN_FLAGS + 1);
  arguments[count++] = arena_printf(s->scratch, "-working-directory=%s", job->directory);
  for (size_t i = 0; i < job->flag_count; i++)
    arguments[count++] = job->flags[i];
  for (size_t i = 0; i < OWN_FLAGS; i++)
    arguments[count++] = own_flags[i];
  enum CXErrorCode code =
      clang_parseTranslationUnit2(frontend->index, job->source, arguments, (int)count, NULL, 0,
                                  CXTranslationUnit_KeepGoing, &s->tu);
  if (code == CXError_Success && s->tu)
    return true;
  s->unit->status = UNIT_PARSE_FAILED;
  s->unit->reason = error_text(code);
  return false;
}

/* ---- diagnostics */

typedef LIST(const char *) TextList;

/* 'foo.h' file not found: a file that would change the unit if it appeared. */
static void note_missing(State *s, TextList *missing, const char *text) {
  const char *tail = strstr(text, "' file not found");
  if (*text != '\'' || !tail)
    return;
  const char *name = arena_text_n(s->arena, text + 1, (size_t)(tail - text) - 1);
  for (size_t i = 0; i < missing->count; i++)
    if (strcmp(missing->at[i], name) == 0)
      return;
  list_push(s->scratch, missing, name);
}

static void one_diagnostic(State *s, CXDiagnostic diagnostic, TextList *missing) {
  enum CXDiagnosticSeverity severity = clang_getDiagnosticSeverity(diagnostic);
  if (severity < CXDiagnostic_Error)
    return;
  Unit *unit = s->unit;
  Position at = position_expansion(s, clang_getDiagnosticLocation(diagnostic));
  const char *text = text_valid_utf8((struct Arena *)s->arena,
                                     text_take(s->arena, clang_getDiagnosticSpelling(diagnostic)));
  note_missing(s, missing, text);
  if (at.source != NO_SOURCE)
    list_push(s->scratch, &s->errors, (ErrorPlace){at.source, at.line, at.offset});
  if (unit->diagnostic_count >= DIAGNOSTICS_KEPT)
    return;
  unit->diagnostics[unit->diagnostic_count++] =
      (Diagnostic){.path = at.source == NO_SOURCE ? "" : s->sources.at[at.source].path,
                   .line = at.line,
                   .column = at.column,
                   .fatal = severity == CXDiagnostic_Fatal,
                   .text = text};
}

static void diagnostics(State *s) {
  TextList missing = {0};
  s->unit->diagnostics = arena_new_array(s->arena, Diagnostic, DIAGNOSTICS_KEPT);
  unsigned count = clang_getNumDiagnostics(s->tu);
  for (unsigned i = 0; i < count; i++) {
    CXDiagnostic diagnostic = clang_getDiagnostic(s->tu, i);
    one_diagnostic(s, diagnostic, &missing);
    clang_disposeDiagnostic(diagnostic);
  }
  s->unit->missing = arena_copy(s->arena, missing.at, missing.count * sizeof *missing.at);
  s->unit->missing_count = (uint32_t)missing.count;
}

/* ---- files */

typedef struct {
  State *state;
  Frontend *frontend;
  LIST(UnitFile) files;
  Map seen;
} FileVisit;

/* libclang searches all files for each answer; with the same flags it is the same. */
static bool is_system_file(FileVisit *visit, CXFile file, const char *path) {
  State *s = visit->state;
  uint64_t key = hash_pair(s->unit->command_hash, hash_text(path)).low | 1;
  uint32_t known = map_get(&visit->frontend->system_header, key);
  if (known != MAP_NONE)
    return known;
  CXSourceLocation start = clang_getLocationForOffset(s->tu, file, 0);
  bool system = clang_Location_isInSystemHeader(start) != 0;
  map_put(visit->frontend->arena, &visit->frontend->system_header, key, system);
  return system;
}

static void add_file(CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data) {
  (void)stack;
  (void)depth;
  FileVisit *visit = data;
  State *s = visit->state;
  Index source = source_of(s, file);
  if (source == NO_SOURCE || map_get(&visit->seen, (uint64_t)source + 1) != MAP_NONE)
    return;
  map_put(s->scratch, &visit->seen, (uint64_t)source + 1, 1);
  const Source *text = &s->sources.at[source];
  UnitFile entry = {.path = text->path,
                    .size = text->size,
                    .content = hash_bytes(text->text ? text->text : "", text->size),
                    .system = is_system_file(visit, file, text->path)};
  struct stat status;
  const char *path = *text->path == '/'
                         ? text->path
                         : arena_printf(s->scratch, "%s/%s", s->job->root, text->path);
  if (stat(path, &status) == 0)
    entry.mtime_ns = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
  list_push(s->scratch, &visit->files, entry);
}

static void files(Frontend *frontend, State *s) {
  FileVisit visit = {.state = s, .frontend = frontend};
  clang_getInclusions(s->tu, add_file, &visit);
  s->unit->files = arena_copy(s->arena, visit.files.at, visit.files.count * sizeof(UnitFile));
  s->unit->file_count = (uint32_t)visit.files.count;
}

/* ---- declarations of the unit */

typedef struct {
  State *state;
  LIST(CXCursor) definitions;
  CXCursor nameless;
} TopVisit;

/* struct { ... } config; - the record is called after what follows it. */
static void name_after(TopVisit *visit, CXCursor declaration) {
  if (clang_Cursor_isNull(visit->nameless))
    return;
  State *s = visit->state;
  CXCursor record = record_decl_inside(clang_getCursorType(declaration));
  if (clang_equalCursors(record, visit->nameless))
    record_name_hint(s, record, cursor_name(s->scratch, declaration));
}

/* A static function or table in a header is code of those units only that refer to it; most refer
 * to few of them. */
static bool is_shared_static(CXCursor cursor) {
  return !clang_Location_isFromMainFile(clang_getCursorLocation(cursor)) &&
         clang_getCursorLinkage(cursor) == CXLinkage_Internal;
}

static enum CXChildVisitResult top_level(CXCursor cursor, CXCursor parent, CXClientData data) {
  (void)parent;
  TopVisit *visit = data;
  enum CXCursorKind kind = clang_getCursorKind(cursor);
  if (kind == CXCursor_StructDecl || kind == CXCursor_UnionDecl) {
    visit->nameless = cursor;
    return CXChildVisit_Continue;
  }
  bool function = kind == CXCursor_FunctionDecl, variable = kind == CXCursor_VarDecl;
  if (!function && !variable)
    return CXChildVisit_Continue;
  if (clang_Location_isInSystemHeader(clang_getCursorLocation(cursor)))
    return CXChildVisit_Continue;
  if (variable)
    name_after(visit, cursor);
  if (!variable && !clang_isCursorDefinition(cursor))
    return CXChildVisit_Continue;
  State *s = visit->state;
  if (is_shared_static(cursor))
    map_put(s->scratch, &s->header_statics, map_key(cursor.data[0]), 1);
  else
    list_push(s->scratch, &visit->definitions, cursor);
  return CXChildVisit_Continue;
}

static void lower_global(State *s, CXCursor variable) {
  NameInfo *name = name_of(s, variable);
  if (clang_Cursor_getStorageClass(variable) != CX_SC_Extern)
    global_listed(s, name, variable);
  lower_initialiser(s, variable, name);
}

static void lower_one(State *s, CXCursor cursor) {
  if (clang_getCursorKind(cursor) == CXCursor_FunctionDecl)
    lower_function(s, cursor);
  else
    lower_global(s, cursor);
}

static void lower_all(State *s) {
  TopVisit visit = {.state = s, .nameless = clang_getNullCursor()};
  clang_visitChildren(clang_getTranslationUnitCursor(s->tu), top_level, &visit);
  for (size_t i = 0; i < visit.definitions.count; i++)
    lower_one(s, visit.definitions.at[i]);
  Map done = {0};
  for (size_t i = 0; i < s->wanted.count; i++) { // grows on the way
    uint64_t key = map_key(s->wanted.at[i].data[0]);
    if (map_get(&done, key) != MAP_NONE)
      continue;
    map_put(s->scratch, &done, key, 1);
    lower_one(s, s->wanted.at[i]);
  }
}

static void finish(State *s) {
  Unit *unit = s->unit;
  unit->functions = arena_copy(s->arena, s->functions.at, s->functions.count * sizeof(Function));
  unit->function_count = (uint32_t)s->functions.count;
  unit->records = records_finish(s, &unit->record_count);
  unit->globals = arena_copy(s->arena, s->globals.at, s->globals.count * sizeof(Global));
  unit->global_count = (uint32_t)s->globals.count;
  unit->types = arena_new_array(s->arena, Type, s->types.count);
  unit->type_count = (uint32_t)s->types.count;
  for (size_t i = 0; i < s->types.count; i++)
    unit->types[i] = s->types.at[i].type;
}

static bool source_is_readable(State *s) {
  struct stat status;
  s->unit->status = UNIT_UNREADABLE;
  if (stat(s->job->source, &status) != 0)
    s->unit->reason = "the source file is missing";
  else if (!S_ISREG(status.st_mode))
    s->unit->reason = "the source is not a regular file";
  else
    s->unit->status = UNIT_OK;
  return s->unit->status == UNIT_OK;
}

static void read_unit(Frontend *frontend, State *s) {
  double start = cpu_seconds();
  bool parsed = parse(frontend, s);
  double middle = cpu_seconds();
  s->unit->parse_seconds = middle - start;
  if (!parsed)
    return;
  diagnostics(s);
  files(frontend, s);
  lower_all(s);
  finish(s);
  double end = cpu_seconds();
  s->unit->lower_seconds = end - middle;
  clang_disposeTranslationUnit(s->tu);
  s->unit->parse_seconds += cpu_seconds() - end;
}

Unit *frontend_parse(Frontend *frontend, Arena *arena, const FrontendJob *job) {
  State *s = memory_resize(NULL, sizeof *s);
  *s = (State){.arena = arena, .scratch = arena_new(), .body = arena_new(), .job = job};
  Unit *unit = s->unit = arena_new_one(arena, Unit);
  unit->reason = "";
  unit->source = source_relative(s, arena, job->source);
  unit->command_hash = command_hash(s);
  for (size_t i = 0; i < job->lock_type_count; i++)
    map_put(s->scratch, &s->lock_types, hash_text(job->lock_types[i]).low | 1, 1);
  type_plain(s, TYPE_VOID, 0); // type 0 is void
  if (source_is_readable(s))
    read_unit(frontend, s);
  arena_free(s->body);
  arena_free(s->scratch);
  memory_free(s);
  return unit;
}
