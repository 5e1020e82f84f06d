/* format.c - how much a format prints at least: who takes a result of 0 for a failure, too
 * (`asprintf(&path, "%s/%s", folder, name) <= 0`), never comes by there with what was printed. */
#include <string.h>

#include "analysis/engine.h"
#include "base/guard.h"

/* A conversion that leaves something even of an empty text, or of 0. */
static bool prints(char conversion) {
  return conversion && strchr("diouxXaAeEfFgGcp%", conversion) != NULL;
}

/* Characters: at least one, or nothing is known. */
static int64_t least_printed(const Engine *e, TermId format) {
  const Term *term = term_at(e->terms, format);
  if (term->kind != TERM_STRING || term->operator!= NODE_STRING || !guard_on("printed"))
    return 0;
  for (const char *at = e->f->texts[e->f->nodes[term->a].a]; *at; at++) {
    if (*at != '%')
      return 1;
    at += 1 + strspn(at + 1, "0123456789.*$+- #'hlLjztq");
    if (prints(*at))
      return 1;
    if (!*at)
      break;
  }
  return 0;
}

bool format_assume(Engine *e, const CallSeen *call, const Case *k, State *after, TermId result) {
  for (uint32_t i = 0; i < k->effect_count; i++) {
    const Effect *effect = &k->effects[i];
    if (effect->action != ACTION_OPEN || !effect->third)
      continue;
    uint32_t format = term_at(call->summary->terms, effect->third)->a; // a parameter
    if (format < call->arg_count &&
        !state_restrict(after, result, least_printed(e, call->args[format]), INT64_MAX))
      return false;
  }
  return true;
}
