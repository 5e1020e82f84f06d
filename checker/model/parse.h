/* parse.h - the parts of the .model reader: lex.c, parse_term.c, parse_effect.c, expand.c and
 * parse.c share this; nothing outside model/ includes it.
 *
 * The first error is kept and everything after it is skipped: a reader that has failed only sees
 * the end of the line, so no parsing function needs to look at the results of another.
 */
#ifndef MODEL_PARSE_H
#define MODEL_PARSE_H

#include "base/array.h"
#include "model/model.h"

/* TextId -> number, dense: models are read before anything else, so their ids are small. */
typedef struct {
  uint32_t *at;
  size_t count;
} IdMap;

typedef struct {
  TextId name;
  const Summary *summary;
  const char *origin; // "pthread.model:12"
  uint32_t source, line;
  bool fallback; // a body in the program wins over it
} ModelEntry;

typedef struct {
  TextId name;
  int64_t value;
  uint32_t source;
} ModelConstant;

typedef struct {
  TextId name, kind;
} ModelType;

/* What a function's declarations say. */
typedef struct {
  TextId key;
  const char *line; // NULL: they do not agree
  bool defined;     // by the unit that has its body, which sees all of them
  const Summary *summary;
} Declared;

/* What declarations of data say: the lock that guards the datum, or the locks that come after. */
typedef struct {
  TextId key, lock;
} DeclaredLock;

struct ModelSet {
  Arena *arena;
  TextPool *symbols;
  TermTable *terms;
  ARRAY(ModelEntry) entries;
  ARRAY(ModelConstant) constants;
  ARRAY(ModelType) types;
  IdMap entry_of, constant_of, type_of; // index + 1
  IdMap *known;                         // by name asked for: 1, or index + 2
  IdMap *declared;                      // by key: index + 1 of `declarations`
  ARRAY(Declared) declarations;
  ARRAY(DeclaredLock) guards, orders; // key may have several
  DeclaredCounts declared_counts;
  Hash hash;
};

uint32_t id_map_get(const IdMap *, TextId); // 0 when absent
void id_map_put(IdMap *, TextId, uint32_t);

typedef enum { TOKEN_END, TOKEN_NAME, TOKEN_NUMBER, TOKEN_MARK } TokenKind;

typedef struct {
  TokenKind kind;
  const char *start;
  size_t length;
  int64_t number;
} Token;

enum { MODEL_PARAMETERS = 32, MODEL_EFFECTS = 32, MODEL_ATOMS = 6, MODEL_CASES = 8 };

typedef struct {
  ModelSet *set;
  const char *file;
  uint32_t source; // number of the file
  uint32_t line;
  const char *line_start, *line_end, *cursor;
  Token token; // the next one
  const char *error;
  TextId kind; // of the last `kind` header
  uint8_t kind_flags;
  bool fallback; // after a `fallback` header
  TextId parameters[MODEL_PARAMETERS];
  uint32_t parameter_count;
} Parser;

/* ---- lex.c */
void lex_line(Parser *); // first token of the line
void lex_next(Parser *);
bool lex_is(const Parser *, const char *text); // mark or word
bool lex_accept(Parser *, const char *text);
void lex_expect(Parser *, const char *text);
TextId lex_name(Parser *, const char *what); // a name, interned; 0 after an error
void parse_fail(Parser *, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- parse_term.c */
TermId parse_path(Parser *);                    // place when it reads as one, else a value
TermId parse_place(Parser *);                   // must be a place
TermId parse_value(Parser *);                   // a place is read
TermId parse_boolean(Parser *, bool *is_true);  // `a`, `!a`, `a == b`; normal form of effect.h
TermId parse_call(Parser *, TermId *arguments); // F(a, b): function value, and list of arguments
int64_t parse_constant(Parser *);
bool term_mentions_result(const TermTable *, TermId);

/* ---- parse_effect.c */
typedef struct {
  TermId value;
  bool first; // polarity in which it was written first: that case comes first
} Atom;

typedef struct {
  Effect effect;
  TermId result; // `returns X`
  bool no_return;
  uint32_t needed, wanted; // bits of the atoms that gate it, and their polarities
} GatedEffect;

typedef struct {
  GatedEffect effects[MODEL_EFFECTS];
  uint32_t effect_count;
  Atom atoms[MODEL_ATOMS];
  uint32_t atom_count;
  uint32_t flags; // SUMMARY_*
  const char *start;
} EffectLine;

void parse_effects(Parser *, EffectLine *);

/* ---- expand.c */
Summary *expand_cases(Parser *, const EffectLine *);

/* ---- parse.c */
void parse_source(Parser *, const char *text);
/* `(args) : effects`; NULL after an error. */
const Summary *parse_function(Parser *, uint32_t flags);

#endif
