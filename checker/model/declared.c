/* declared.c - what declarations say about locks, see model.h. Each unit has the lines of what it
 * sees; most say the same of the same header. A line begins with `=` when the unit has the body,
 * and so all declarations; `?"KEY"` stands for something that was not understood. */
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

static void read_line(Reading *reading, const char *start, size_t length) {
  ModelSet *set = reading->set;
  Hash hash = hash_bytes(start, length);
  if (hash_map_get(&reading->seen, hash) != MAP_ABSENT)
    return;
  hash_map_put(&reading->seen, hash, 1);
  bool unknown = *start == '?', defined = *start == '=';
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
  set->declarations.count = 0;
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

DeclaredCounts models_declared_counts(const ModelSet *set) { return set->declared_counts; }
