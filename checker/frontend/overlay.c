/* overlay.c - a source whose first directives were parsed elsewhere: what libclang sees of it, and
 * where things stand that were defined in those directives. */
#include <string.h>

#include "base/path.h"
#include "frontend/state.h"

enum { LONGEST_SOURCE = 1 << 30 };

/* How many directives the chain of prefixes has, when `all` begins with just these. */
static bool begins_with(const Prefix *prefix, const Directives *all, uint32_t *count) {
  *count = 0;
  if (!prefix)
    return true;
  if (!begins_with(prefix->base, all, count))
    return false;
  const char *at = prefix->text;
  for (uint32_t i = 0; i < prefix->directive_count; i++) {
    if (*count >= all->count)
      return false;
    const Directive *directive = &all->at[(*count)++];
    size_t left = (size_t)(prefix->text + prefix->size - at);
    if (left <= directive->length || memcmp(at, directive->text, directive->length) ||
        at[directive->length] != '\n')
      return false;
    at += directive->length + 1;
  }
  return at == prefix->text + prefix->size;
}

bool overlay_make(State *s) {
  FileText file = tree_read(s->scratch, s->job->tree, s->job->source, LONGEST_SOURCE);
  if (!file.text)
    return false;
  Overlay overlay = {.text = file.text, .size = file.size};
  overlay.directives = prefix_scan(s->scratch, file.text, file.size);
  uint32_t count;
  if (!begins_with(s->prefix, &overlay.directives, &count) || !count)
    return false;
  const Directive *last = &overlay.directives.at[count - 1];
  char *blanked = arena_copy(s->scratch, file.text, file.size + 1);
  for (size_t i = 0; i < last->offset + last->length; i++)
    if (blanked[i] != '\n')
      blanked[i] = ' ';
  overlay.blanked = blanked;
  s->overlay = overlay;
  return true;
}

const Prefix *overlay_pretended(State *s, const char *path) {
  for (const Prefix *prefix = s->prefix; prefix; prefix = prefix->base)
    if (!strcmp(path_base(path), path_base(prefix->name)) &&
        !strcmp(path, source_relative(s, s->scratch, prefix->name)))
      return prefix;
  return NULL;
}

static uint32_t directives_before(const Prefix *prefix) {
  uint32_t count = 0;
  for (prefix = prefix->base; prefix; prefix = prefix->base)
    count += prefix->directive_count;
  return count;
}

void overlay_move(State *s, Position *p) {
  const Prefix *prefix = s->sources.at[p->source].pretended;
  const Directive *directive = &s->overlay.directives.at[directives_before(prefix)];
  uint32_t offset = p->offset;
  for (uint32_t i = 1; i < prefix->directive_count && offset > directive->length; i++) {
    offset -= directive->length + 1;
    directive++;
  }
  p->offset = directive->offset + offset;
  p->line = directive->line;
  for (uint32_t i = directive->offset; i < p->offset; i++)
    p->line += s->overlay.text[i] == '\n';
  uint32_t start = p->offset;
  while (start && s->overlay.text[start - 1] != '\n')
    start--;
  p->column = p->offset - start + 1;
  p->source = map_get(&s->path_map, hash_text(s->unit->source).low | 1); // files.c met it first
}
