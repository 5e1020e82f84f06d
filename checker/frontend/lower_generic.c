/* lower_generic.c - which arm of a _Generic was chosen. libclang does not say, nor which types the
 * arms are for. The type of the whole is that of the chosen arm, which tells when the arms are of
 * several types. Where they are all of one (a lock of any kind, as one lockable object), the types
 * are read in the declaration around it, as libclang prints it.
 */
#include <ctype.h>
#include <string.h>

#include "base/guard.h"
#include "base/text.h"
#include "frontend/lower.h"

enum { ARMS = 32 };

/* ---- types as text */

static bool begins_word(const char *text, const char *at, const char *word) {
  size_t length = strlen(word);
  bool inside = at > text && (isalnum((unsigned char)at[-1]) || at[-1] == '_');
  return !inside && !strncmp(at, word, length) &&
         !(isalnum((unsigned char)at[length]) || at[length] == '_');
}

/* Without spaces, and without the words before tags, so that a tag is its typedef of the same name:
 * "struct Mutex *" and "Mutex *" are "Mutex*". */
static const char *bare_type(Arena *arena, const char *from, size_t length) {
  static const char *const tags[] = {"struct", "union", "enum"};
  const char *text = arena_text_n(arena, from, length);
  char *bare = arena_new_array(arena, char, length + 1);
  size_t count = 0;
  for (const char *at = text; *at; at++) {
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
      if (begins_word(text, at, tags[i]))
        at += strlen(tags[i]);
    if (!*at)
      break;
    if (!isspace((unsigned char)*at))
      bare[count++] = *at;
  }
  return bare;
}

static const char *bare_spelling(Arena *arena, CXType type) {
  const char *text = text_take(arena, clang_getTypeSpelling(type));
  return bare_type(arena, text, strlen(text));
}

/* ---- what is printed */

/* Behind a string or character that begins here; `at` when none does. */
static const char *past_quoted(const char *at) {
  char quote = *at;
  if (quote != '"' && quote != '\'')
    return at;
  for (at++; *at && *at != quote; at++)
    at += *at == '\\' && at[1];
  return *at ? at + 1 : at;
}

typedef struct {
  const char *type, *value;
} Arm;

/* Of "(control, type: value, type: value)": the arms; 0 when there are too many. */
static uint32_t arms_of(Arena *arena, const char *at, Arm arms[ARMS]) {
  uint32_t depth = 0, count = 0;
  const char *part = NULL; // the type of an arm, then its value, begins here
  bool is_type = false;
  while (*at) {
    const char *past = past_quoted(at);
    if (past != at) {
      at = past;
      continue;
    }
    depth += *at == '(' || *at == '[' || *at == '{';
    depth -= *at == ')' || *at == ']' || *at == '}';
    bool ends = !depth || (depth == 1 && *at == ',');
    if (ends && part && !is_type)
      arms[count++].value = arena_text_n(arena, part, (size_t)(at - part));
    if (!depth)
      return count;
    if (depth == 1 && *at == ':' && is_type && part) {
      arms[count].type = bare_type(arena, part, (size_t)(at - part));
      is_type = false;
      part = at + 1;
    }
    if (ends && count == ARMS)
      return 0;
    if (ends) {
      is_type = true;
      part = at + 1;
    }
    at++;
  }
  return 0;
}

/* Not of the cursor's own parent, which is a parameter's when one was declared in a cast before. */
static const char *printed_around(Lower *l) {
  if (l->printed)
    return l->printed;
  CXPrintingPolicy policy = clang_getCursorPrintingPolicy(l->definition);
  l->printed = text_take(l->state->body, clang_getCursorPrettyPrinted(l->definition, policy));
  clang_PrintingPolicy_dispose(policy);
  return l->printed;
}

/* Every name that an arm's expression has stands in its text. */
static bool are_arms_of(Lower *l, const Children *parts, const Arm arms[ARMS]) {
  for (uint32_t i = 1; i < parts->count; i++) {
    const char *name = cursor_name(l->state->body, cursor_strip(child_at(parts, i)));
    if (!strstr(arms[i - 1].value, name))
      return false;
  }
  return true;
}

/* The arms as they are printed: of all _Generic around here that may be this one, if these have the
 * same types. */
static bool find_arms(Lower *l, const Children *parts, Arm arms[ARMS]) {
  static const char word[] = "_Generic";
  const char *text = printed_around(l);
  uint32_t count = parts->count - 1;
  bool found = false;
  for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) {
    Arm others[ARMS];
    if (!begins_word(text, at, word) ||
        arms_of(l->state->body, at + strlen(word), others) != count ||
        !are_arms_of(l, parts, others))
      continue;
    for (uint32_t i = 0; found && i < count; i++)
      if (strcmp(arms[i].type, others[i].type) != 0)
        return false;
    memcpy(arms, others, sizeof others);
    found = true;
  }
  return found;
}

/* ---- the arm */

/* By the type of the whole: the only one, or none. */
static uint32_t arm_by_result(const Children *parts, CXCursor cursor) {
  CXType type = clang_getCanonicalType(clang_getCursorType(cursor));
  uint32_t found = 0, matches = 0;
  for (uint32_t i = 1; i < parts->count; i++) {
    CXCursor arm = child_at(parts, i);
    if (!is_expression(arm) ||
        !clang_equalTypes(type, clang_getCanonicalType(clang_getCursorType(arm))))
      continue;
    found = i;
    matches++;
  }
  return matches == 1 ? found : 0;
}

static uint32_t arm_by_control(Lower *l, const Children *parts) {
  Arena *arena = l->state->body;
  Arm arms[ARMS];
  if (!guard_on("generic-arms") || parts->count < 2 || parts->count - 1 > ARMS ||
      !find_arms(l, parts, arms))
    return 0;
  CXType control = clang_getUnqualifiedType(clang_getCursorType(child_at(parts, 0)));
  const char *spelled = bare_spelling(arena, control);
  const char *canonical = bare_spelling(arena, clang_getCanonicalType(control));
  for (uint32_t i = 1; i < parts->count; i++)
    if (!strcmp(arms[i - 1].type, spelled) || !strcmp(arms[i - 1].type, canonical))
      return i;
  return 0; // Imprecise: the default, or a type by another name
}

NodeId lower_generic(Lower *l, CXCursor cursor) {
  Children parts;
  children_collect(&parts, l->state->body, cursor);
  uint32_t arm = parts.count == 2 ? 1 : arm_by_result(&parts, cursor);
  if (!arm)
    arm = arm_by_control(l, &parts);
  return arm ? lower_value(l, child_at(&parts, arm))
             : lower_evaluated(l, cursor, "the chosen arm of a _Generic");
}
