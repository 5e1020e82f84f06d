/* parse.c - runs libclang over one command and gathers what came out.
 *
 * Flags of the warning family are ours alone: what gcc only warns about is an error in clang 16 and
 * later, and an error taints the function around it.
 */
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/guard.h"
#include "base/text.h"
#include "frontend/cursor.h"
#include "frontend/files.h"
#include "frontend/lower.h"
#include "frontend/parse.h"

enum { DIAGNOSTICS_KEPT = 20 };

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
  case CXError_Crashed:
    return "libclang crashed";
  case CXError_InvalidArguments:
    return "libclang rejects the arguments";
  case CXError_ASTReadError:
    return "libclang cannot read the unit";
  default:
    return "libclang gives no translation unit";
  }
}

static bool parse(Frontend *frontend, State *s) {
  const FrontendJob *job = s->job;
  size_t count = 0;
  const char **arguments =
      arena_new_array(s->scratch, const char *, job->flag_count + OWN_FLAGS + 3);
  arguments[count++] = arena_printf(s->scratch, "-working-directory=%s", job->directory);
  for (size_t i = 0; i < job->flag_count; i++)
    arguments[count++] = job->flags[i];
  for (size_t i = 0; i < OWN_FLAGS; i++)
    arguments[count++] = own_flags[i];
  // __FILE__ is the same wherever the tree lies.
  arguments[count++] = arena_printf(s->scratch, "-fmacro-prefix-map=%s/=", job->roots.top);
  if (job->roots.build)
    arguments[count++] =
        arena_printf(s->scratch, "-fmacro-prefix-map=%s=${build}", job->roots.build);
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

/* 'foo.h' file not found: a file that would change the unit if it appeared. */
static void note_missing(State *s, const char *text) {
  const char *tail = strstr(text, "' file not found");
  if (*text == '\'' && tail)
    files_missing(s, text + 1, (size_t)(tail - text) - 1);
}

static void one_diagnostic(State *s, CXDiagnostic diagnostic) {
  enum CXDiagnosticSeverity severity = clang_getDiagnosticSeverity(diagnostic);
  if (severity < CXDiagnostic_Error)
    return;
  Unit *unit = s->unit;
  Position at = position_expansion(s, clang_getDiagnosticLocation(diagnostic));
  const char *text = text_valid_utf8((struct Arena *)s->arena,
                                     text_take(s->arena, clang_getDiagnosticSpelling(diagnostic)));
  text = roots_hide((struct Arena *)s->arena, s->job->roots, text);
  note_missing(s, text);
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
  s->unit->diagnostics = arena_new_array(s->arena, Diagnostic, DIAGNOSTICS_KEPT);
  unsigned count = clang_getNumDiagnostics(s->tu);
  for (unsigned i = 0; i < count; i++) {
    CXDiagnostic diagnostic = clang_getDiagnostic(s->tu, i);
    one_diagnostic(s, diagnostic);
    clang_disposeDiagnostic(diagnostic);
  }
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
  unit->missing = arena_copy(s->arena, s->missing.at, s->missing.count * sizeof(char *));
  unit->missing_count = (uint32_t)s->missing.count;
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

static bool source_is_readable(State *s, struct stat *status) {
  s->unit->status = UNIT_UNREADABLE;
  if (stat(s->job->source, status) != 0)
    s->unit->reason = "the source file is missing";
  else if (!S_ISREG(status->st_mode))
    s->unit->reason = "the source is not a regular file";
  else
    s->unit->status = UNIT_OK;
  return s->unit->status == UNIT_OK;
}

/* libclang maps large files, so a change in the middle gives text that never was. */
static void source_is_unchanged(State *s, const struct stat *before) {
  if (!guard_on("changed"))
    return;
  struct stat after;
  if (stat(s->job->source, &after) == 0 && after.st_size == before->st_size &&
      after.st_mtim.tv_sec == before->st_mtim.tv_sec &&
      after.st_mtim.tv_nsec == before->st_mtim.tv_nsec)
    return;
  s->unit->status = UNIT_UNREADABLE;
  s->unit->reason = "the source changed while it was read";
}

static uint64_t pointer_size(State *s) {
  CXTargetInfo target = clang_getTranslationUnitTargetInfo(s->tu);
  int bits = clang_TargetInfo_getPointerWidth(target);
  clang_TargetInfo_dispose(target);
  return bits > 0 ? (uint64_t)bits / 8 : sizeof(void *);
}

static void read_unit(Frontend *frontend, State *s) {
  double start = cpu_seconds();
  bool parsed = parse(frontend, s);
  double middle = cpu_seconds();
  s->unit->parse_seconds = middle - start;
  if (!parsed)
    return;
  s->pointer_size = pointer_size(s);
  diagnostics(s);
  files_of_unit(frontend, s);
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
  struct stat before;
  if (source_is_readable(s, &before)) {
    read_unit(frontend, s);
    if (unit->status == UNIT_OK)
      source_is_unchanged(s, &before);
  }
  arena_free(s->body);
  arena_free(s->scratch);
  memory_free(s);
  return unit;
}
