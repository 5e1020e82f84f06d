/* declared.c - what declarations say about locks, see model.h. Each unit has the lines of what it
 * sees; most say the same of the same header. A line begins with `=` when the unit has the body,
 * and so all declarations; `?"KEY"` stands for something that was not understood. `@"DATUM" "LOCK"`
 * and `<"FIRST" "SECOND"` are about data (frontend/annotate_data.c). */
#include <string.h>

#include "base/hash_map.h"
#include "model/parse.h"

typedef struct {
  ModelSet *set;
  HashMap seen; // lines
} Reading;

static Declared *declared_of(ModelSet *set, TextId key) {
  uint32_t index = id_map_get(set->declared, key);
  if (!index) {
    array_push(&set->declarations, (Declared){.key = key});
    index = (uint32_t)set->declarations.count;
    id_map_put(set->declared, key, index);
    return &set->declarations.at[index - 1];
  }
  return &set->declarations.at[index - 1];
}

/* The text between the quotes at `at`; behind them is `end`. */
static TextId read_key(ModelSet *set, const char *at, const char **end) {
  const char *close = *at == '"' ? strchr(at + 1, '"') : NULL;
  *end = close ? close + 1 : at;
  return close ? text_intern_n(set->symbols, at + 1, (size_t)(close - at) - 1) : 0;
}

static void read_data(ModelSet *set, bool guards, const char *line) {
  const char *end;
  TextId key = read_key(set, line, &end);
  TextId lock = key && *end == ' ' ? read_key(set, end + 1, &end) : 0;
  if (!lock)
    return;
  if (guards)
    array_push(&set->guards, (DeclaredLock){key, lock});
  else
    array_push(&set->orders, (DeclaredLock){key, lock});
  set->declared_counts.data++;
}

static void read_line(Reading *reading, const char *start, size_t length) {
  ModelSet *set = reading->set;
  Hash hash = hash_bytes(start, length);
  if (hash_map_get(&reading->seen, hash) != MAP_ABSENT)
    return;
  hash_map_put(&reading->seen, hash, 1);
  bool unknown = *start == '?', defined = *start == '=';
  if (*start == '@' || *start == '<') {
    read_data(set, *start == '@', arena_text_n(set->arena, start + 1, length - 1));
    return;
  }
  const char *line =
      arena_text_n(set->arena, start + (unknown || defined), length - (unknown || defined));
  set->declared_counts.not_understood += unknown;
  const char *close = *line == '"' ? strchr(line + 1, '"') : NULL;
  if (unknown || !close)
    return;
  TextId key = text_intern_n(set->symbols, line + 1, (size_t)(close - line) - 1);
  bool is_first = !id_map_get(set->declared, key);
  Declared *declared = declared_of(set, key);
  if (is_first || (defined && !declared->defined)) {
    declared->line = line;
  } else if (defined == declared->defined && declared->line && strcmp(declared->line, line) != 0) {
    declared->line = NULL; // of two variants nobody knows which one is called
    set->declared_counts.not_understood++;
  }
  declared->defined |= defined;
}

static void read_text(Reading *reading, const char *text) {
  while (*text) {
    size_t length = strcspn(text, "\n");
    if (length > 1)
      read_line(reading, text, length);
    text += length + (text[length] == '\n');
  }
}

static const Summary *summary_of(ModelSet *set, const char *line) {
  Parser p = {.set = set, .file = "declaration", .line = 1};
  p.kind = text_intern(set->symbols, "lock");
  p.line_start = line;
  p.line_end = line + strlen(line);
  lex_line(&p);
  lex_next(&p); // the key
  return parse_function(&p, SUMMARY_DECLARED);
}

void models_declare(ModelSet *set, const char *const *texts, size_t count) {
  for (size_t i = 0; i < set->declarations.count; i++)
    id_map_put(set->declared, set->declarations.at[i].key, 0);
  set->declarations.count = set->guards.count = set->orders.count = 0;
  set->declared_counts = (DeclaredCounts){0};
  Reading reading = {.set = set};
  for (size_t i = 0; i < count; i++)
    read_text(&reading, texts[i]);
  for (size_t i = 0; i < set->declarations.count; i++) {
    Declared *declared = &set->declarations.at[i];
    if (declared->line)
      declared->summary = summary_of(set, declared->line);
    set->declared_counts.functions += declared->summary != NULL;
    set->declared_counts.not_understood += declared->line && !declared->summary;
  }
  hash_map_free(&reading.seen);
}

const Summary *models_declared(const ModelSet *set, TextId function) {
  uint32_t index = id_map_get(set->declared, function);
  return index ? set->declarations.at[index - 1].summary : NULL;
}

TextId models_guard(const ModelSet *set, TextId key) {
  TextId lock = 0;
  for (size_t i = 0; i < set->guards.count; i++)
    if (set->guards.at[i].key == key) {
      if (lock)
        return 0;
      lock = set->guards.at[i].lock;
    }
  return lock;
}

bool models_have_guards(const ModelSet *set) { return set->guards.count > 0; }

bool models_ordered(const ModelSet *set, TextId first, TextId second) {
  for (size_t i = 0; i < set->orders.count; i++)
    if (set->orders.at[i].key == first && set->orders.at[i].lock == second)
      return true;
  return false;
}

bool models_have_orders(const ModelSet *set) { return set->orders.count > 0; }

DeclaredCounts models_declared_counts(const ModelSet *set) { return set->declared_counts; }
