/* resource-leak: something that was opened is neither closed nor handed on by the time that nobody
 * holds it any more (ANALYSIS A.5).
 *
 * What counts is the value and not a variable: handed to whoever may keep it, stored where others
 * find it, or returned, it is no longer this function's to close. Memory that no way gives back or
 * hands on is often meant to live as long as the process; that is possible at most, unless the
 * function runs any number of times.
 */
#include <string.h>

#include "rule/rule.h"

typedef struct {
  const char *kind, *what, *done;
} Word;

static Word word_of(const char *kind) {
  static const Word words[] = {
      {"fd", "descriptor", "closed"},     {"FILE", "file", "closed"},
      {"memory", "memory", "freed"},      {"dir", "directory", "closed"},
      {"mapping", "mapping", "unmapped"}, {"pipe", "pipe", "closed"},
      {"library", "library", "closed"},   {"addrinfo", "list of addresses", "freed"},
  };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (!strcmp(words[i].kind, kind))
      return words[i];
  return (Word){kind, kind, "given back"};
}

/* Often meant to be there as long as the process. */
static bool outlasts(const char *kind) {
  return !strcmp(kind, "memory") || !strcmp(kind, "mapping") || !strcmp(kind, "library");
}

static Finding *report_lost(Pass *pass, const Leak *leak, const Word *word, Confidence confidence,
                            const char *name) {
  Position at = leak_position(pass, leak);
  if (leak->is_inside)
    return report_there(pass, confidence, at, name,
                        "the %s '%s' is not %s before the memory that it is kept in is freed here",
                        word->what, name, word->done);
  if (leak->lost != NO_INSTRUCTION)
    return report_there(pass, confidence, at, name,
                        "the last name of the %s '%s' is overwritten here, and it is not %s",
                        word->what, name, word->done);
  return report_there(pass, confidence, at, name, "the %s '%s' is not %s when '%s' returns here",
                      word->what, name, word->done, function_name(pass));
}

static void on_leak(Pass *pass, const Leak *leak) {
  Word word = word_of(resource_kind(pass, leak));
  bool likely =
      (has_other_way(leak) || (!outlasts(word.kind) && leak->is_used)) && !leak->is_doubtful;
  Confidence confidence = likely ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
  const char *opener = callee_at(pass, leak->opened);
  const char *name = *leak->name ? leak->name : opener;
  Finding *finding = report_lost(pass, leak, &word, confidence, name);
  note_instruction(pass, finding, STEP_EVENT, leak->opened, "opened by '%s' here", opener);
  note_leak_path(pass, finding, leak);
  if (leak->closed != NO_INSTRUCTION)
    note_instruction(pass, finding, STEP_CONTRAST, leak->closed, "another way gives it back here");
  else if (leak->kept != NO_INSTRUCTION)
    note_instruction(pass, finding, STEP_CONTRAST, leak->kept, "another way hands it on here");
  if (leak->refused != NO_INSTRUCTION)
    note_instruction(pass, finding, STEP_CONTRAST, leak->refused,
                     "'%s' keeps it in another outcome", callee_at(pass, leak->refused));
  if (leak->mistaken != NO_INSTRUCTION)
    note_instruction(pass, finding, STEP_CONTRAST, leak->mistaken,
                     "'%s' gives back other things, and not what '%s' opens",
                     callee_at(pass, leak->mistaken), opener);
  defer_leak(pass, finding, leak, outlasts(word.kind));
}

/* For each request, or whatever the process lives by, another one is lost. */
static bool adds_up(Pass *pass, const LeakRow *row) {
  Multiplicity often = runs_at(pass, row->function, row->instruction);
  return often.runs == RUNS_ANY && (often.assumed || (often.life & LIFE_RUN));
}

/* What the process does once in its life, it can lose once: no one would notice. */
static bool is_lost_once(Pass *pass, const Finding *finding, const LeakRow *row) {
  return row->outlasts && finding->confidence >= CONFIDENCE_LIKELY && uses_mechanism("lost-once") &&
         runs_at(pass, row->function, row->instruction).runs == RUNS_ONCE;
}

static void on_leaks(Pass *pass, const LeakRow *rows, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    Finding *finding = deferred(pass, rows[i].finding);
    if (!strcmp(rows[i].function->declared.name, "main")) {
      finding->confidence = CONFIDENCE_INFO;
    } else if (is_asserted(pass, &rows[i]) || is_lost_once(pass, finding, &rows[i])) {
      finding->confidence = CONFIDENCE_POSSIBLE;
    } else if (rows[i].is_lone && adds_up(pass, &rows[i])) {
      finding->confidence = CONFIDENCE_LIKELY;
      note_calls(pass, finding, rows[i].function, rows[i].instruction);
    }
    show(pass, rows[i].finding);
  }
}

const Rule resource_leak = {
    .id = "resource-leak",
    .name = "ResourceLeak",
    .summary = "something opened is lost without being closed on some way out",
    .references = "CWE-401 CWE-772 CWE-775",
    .severity = SEVERITY_WARNING,
    .on_leak = on_leak,
    .on_leaks = on_leaks,
};
