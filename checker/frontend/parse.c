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
#include "frontend/annotate.h"
#include "frontend/cursor.h"
#include "frontend/files.h"
#include "frontend/lower.h"

enum { DIAGNOSTICS_KEPT = 20, MORE_FLAGS = 10 };

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
  /* Declarations of a prefix are not visited: loading them all costs more than it saves. */
  bool own_only = true;
  *frontend = (Frontend){.index = clang_createIndex(own_only, 0), .arena = arena_new()};
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

static const char **arguments_of(State *s, bool header, size_t *count) {
  const FrontendJob *job = s->job;
  const char **arguments =
      arena_new_array(s->scratch, const char *, job->flag_count + OWN_FLAGS + MORE_FLAGS);
  size_t n = 0;
  arguments[n++] = arena_printf(s->scratch, "-working-directory=%s", job->directory);
  for (size_t i = 0; i < job->flag_count; i++)
    arguments[n++] = job->flags[i];
  for (size_t i = 0; i < OWN_FLAGS; i++)
    arguments[n++] = own_flags[i];
  // __FILE__ is the same wherever the tree lies.
  arguments[n++] = arena_printf(s->scratch, "-fmacro-prefix-map=%s/=", job->roots.top);
  if (job->roots.build)
    arguments[n++] = arena_printf(s->scratch, "-fmacro-prefix-map=%s=${build}", job->roots.build);
  if (tree_overlay(job->tree)) { // of a command it is dropped (input/flag_rules.c): this is ours
    arguments[n++] = "-ivfsoverlay";
    arguments[n++] = tree_overlay(job->tree);
  }
  if (header) {
    arguments[n++] = "-x";
    arguments[n++] = "c-header";
  }
  if (s->prefix) {
    arguments[n++] = "-include-pch";
    arguments[n++] = s->prefix->file;
  }
  *count = n;
  return arguments;
}

/* `text` NULL: as the file is. */
static bool parse(Frontend *frontend, State *s, const char *text, size_t size) {
  unsigned options = CXTranslationUnit_KeepGoing;
  if (s->precompiling)
    options |= CXTranslationUnit_ForSerialization | CXTranslationUnit_Incomplete;
  size_t count;
  const char **arguments = arguments_of(s, s->precompiling, &count);
  struct CXUnsavedFile unsaved = {s->job->source, text, size};
  enum CXErrorCode code =
      clang_parseTranslationUnit2(frontend->index, s->job->source, arguments, (int)count, &unsaved,
                                  text ? 1 : 0, options, &s->tu);
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
  if (clang_equalCursors(record, visit->nameless) && clang_Cursor_isAnonymous(record))
    record_name_hint(s, record, cursor_name(s->scratch, declaration));
}

/* `extern int x;` says nothing about a unit that never mentions x. */
static bool is_mere_declaration(CXCursor variable) {
  return clang_Cursor_getStorageClass(variable) == CX_SC_Extern &&
         clang_Cursor_isNull(clang_Cursor_getVarDeclInitializer(variable));
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
  if (variable ? is_mere_declaration(cursor) : !clang_isCursorDefinition(cursor))
    return CXChildVisit_Continue;
  if (!is_header_static(cursor))
    list_push(visit->state->scratch, &visit->definitions, cursor);
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

static TopVisit visit_top_level(State *s) {
  TopVisit visit = {.state = s, .nameless = clang_getNullCursor()};
  clang_visitChildren(clang_getTranslationUnitCursor(s->tu), top_level, &visit);
  return visit;
}

static void lower_all(State *s) {
  TopVisit visit = visit_top_level(s);
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
  unit->annotations = annotations_finish(s); // may meet records
  unit->records = records_finish(s, &unit->record_count);
  unit->globals = arena_copy(s->arena, s->globals.at, s->globals.count * sizeof(Global));
  unit->global_count = (uint32_t)s->globals.count;
  unit->types = arena_new_array(s->arena, Type, s->types.count);
  unit->type_count = (uint32_t)s->types.count;
  for (size_t i = 0; i < s->types.count; i++)
    unit->types[i] = s->types.at[i].type;
}

static bool source_is_readable(State *s, struct stat *status) {
  const TreeFile *other = tree_find(s->job->tree, s->job->source);
  if (other && other->text)
    return true;
  s->unit->status = UNIT_UNREADABLE;
  if (other || stat(s->job->source, status) != 0)
    s->unit->reason = "the source file is missing";
  else if (!S_ISREG(status->st_mode))
    s->unit->reason = "the source is not a regular file";
  else
    s->unit->status = UNIT_OK;
  return s->unit->status == UNIT_OK;
}

/* libclang maps large files, so a change in the middle gives text that never was. */
static void source_is_unchanged(State *s, const struct stat *before) {
  if (!guard_on("changed") || tree_find(s->job->tree, s->job->source))
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

/* What the parser does about an error depends on all names that it knows, and a prefix shows them
 * in another order. */
static bool is_doubtful(const State *s) {
  return s->prefix && (s->doubtful || s->unit->diagnostic_count || s->unit->status != UNIT_OK);
}

static void lower_unit(Frontend *frontend, State *s) {
  s->pointer_size = pointer_size(s);
  diagnostics(s);
  if (is_doubtful(s))
    return;
  files_of_unit(frontend, s);
  lower_all(s);
  finish(s);
}

static void read_unit(Frontend *frontend, State *s) {
  double start = cpu_seconds();
  bool parsed = parse(frontend, s, s->overlay.blanked, s->overlay.size);
  double middle = cpu_seconds();
  s->unit->parse_seconds = middle - start;
  if (!parsed)
    return;
  lower_unit(frontend, s);
  double end = cpu_seconds();
  s->unit->lower_seconds = end - middle;
  clang_disposeTranslationUnit(s->tu);
  s->unit->parse_seconds += cpu_seconds() - end;
}

static State *state_new(Arena *arena, const FrontendJob *job, const Prefix *prefix) {
  State *s = memory_resize(NULL, sizeof *s);
  *s = (State){
      .arena = arena, .scratch = arena_new(), .body = arena_new(), .job = job, .prefix = prefix};
  Unit *unit = s->unit = arena_new_one(arena, Unit);
  unit->reason = unit->annotations = "";
  unit->source = source_relative(s, arena, job->source);
  unit->command_hash = command_hash(s);
  for (size_t i = 0; i < job->lock_type_count; i++)
    map_put(s->scratch, &s->lock_types, hash_text(job->lock_types[i]).low | 1, 1);
  type_plain(s, TYPE_VOID, 0); // type 0 is void
  return s;
}

static void state_free(State *s) {
  arena_free(s->body);
  arena_free(s->scratch);
  memory_free(s);
}

Unit *frontend_parse_after(Frontend *frontend, Arena *arena, const FrontendJob *job,
                           const Prefix *prefix) {
  State *s = state_new(arena, job, prefix);
  Unit *unit = s->unit;
  struct stat before = {0};
  if (source_is_readable(s, &before) && (!prefix || overlay_make(s))) {
    read_unit(frontend, s);
    if (unit->status == UNIT_OK)
      source_is_unchanged(s, &before);
  } else {
    s->doubtful = true;
  }
  if (is_doubtful(s))
    unit = NULL;
  state_free(s);
  return unit;
}

Unit *frontend_parse(Frontend *frontend, Arena *arena, const FrontendJob *job) {
  return frontend_parse_after(frontend, arena, job, NULL);
}

/* ---- prefixes */

/* What a parse after the prefix would do otherwise than one without: definitions that every unit
 * lowers for itself, nameless records that are named after a variable, and words whose meaning
 * changes with the file or with what came before and is not written to the file. */
static const char *why_not_shared(State *s) {
  static const char *const words[] = {"__COUNTER__", "__BASE_FILE__", "push_macro",
                                      "redefine_extname"};
  for (size_t i = 0; i < s->sources.count; i++)
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
      if (s->sources.at[i].text &&
          memmem(s->sources.at[i].text, s->sources.at[i].size, words[k], strlen(words[k])))
        return words[k];
  TopVisit visit = visit_top_level(s);
  if (visit.definitions.count)
    return "a header defines what is not static";
  return s->record_names.count ? "a header has a variable of a nameless type" : NULL;
}

static const char *why_not_precompiled(Frontend *frontend, State *s, const Prefix *prefix,
                                       uint64_t least_bytes) {
  diagnostics(s);
  if (s->unit->diagnostic_count)
    return "errors";
  files_of_unit(frontend, s);
  uint64_t bytes = 0;
  for (uint32_t i = prefix->base ? prefix->base->file_count : 0; i < s->unit->file_count; i++)
    bytes += s->unit->files[i].size;
  if (bytes < least_bytes)
    return "too little";
  const char *reason = why_not_shared(s);
  if (reason)
    return reason;
  return clang_saveTranslationUnit(s->tu, prefix->file, 0) ? "it cannot be written" : NULL;
}

Unit *frontend_precompile(Frontend *frontend, Arena *arena, const FrontendJob *job,
                          const Prefix *prefix, uint64_t least_bytes) {
  FrontendJob order = *job;
  order.source = prefix->name;
  State *s = state_new(arena, &order, prefix->base);
  Unit *unit = s->unit;
  s->precompiling = true;
  if (parse(frontend, s, prefix->text, prefix->size)) {
    const char *reason = why_not_precompiled(frontend, s, prefix, least_bytes);
    if (reason) {
      unit->status = UNIT_PARSE_FAILED;
      unit->reason = reason;
    } else {
      finish(s);
    }
    clang_disposeTranslationUnit(s->tu);
  }
  state_free(s);
  return unit;
}
