/* figure.c - the picture of a finding: the cycle, the thread or the chain of the program that it
 * stands in. They are recalled for the whole program, and told apart by where they are. */
#include "html/page.h"

#include "base/text.h"
#include "picture/draw.h"

static bool is_at(const ReportPlace *place, const char *path, uint32_t line) {
  return place->line == line && !strcmp(place->path, path);
}

/* The finding stands at the call that closes the cycle, and is about the first function. */
static const CallRounds *cycle_of(const Html *h, const ReportFinding *finding) {
  const CallCycles *all = &h->pictures->cycles;
  for (uint32_t i = 0; i < all->count; i++) {
    const RoundCall *last = &all->cycles[i].calls[all->cycles[i].count - 1];
    if (is_at(&finding->place, last->path, last->line) &&
        !strcmp(finding->stored->finding.object, all->cycles[i].object))
      return &all->cycles[i];
  }
  return NULL;
}

static bool is_in(const ThreadLife *life, const ReportPlace *place) {
  for (uint32_t i = 0; i < life->event_count; i++)
    if (is_at(place, life->events[i].path, life->events[i].line))
      return true;
  return false;
}

/* Of the thread that is created, joined or detached where the finding is, else on the way there. */
static const ThreadLife *life_of(const Html *h, const ReportFinding *finding) {
  const Lifelines *all = &h->pictures->lives;
  for (uint32_t i = 0; i < all->count; i++)
    if (is_in(&all->lives[i], &finding->place))
      return &all->lives[i];
  for (uint32_t k = 0; k < finding->step_count; k++)
    for (uint32_t i = 0; i < all->count && finding->steps[k].has_place; i++)
      if (is_in(&all->lives[i], &finding->steps[k].place))
        return &all->lives[i];
  return NULL;
}

static const StackChain *chain_of(const Html *h, const ReportFinding *finding) {
  const StackPicture *all = &h->pictures->stacks;
  for (uint32_t i = 0; i < all->count; i++)
    if (!strcmp(all->chains[i].key, finding->stored->finding.object))
      return &all->chains[i];
  return NULL;
}

static bool has_site(const Contents *contents, const ReportPlace *place) {
  for (uint32_t i = 0; i < contents->site_count; i++)
    if (is_at(place, contents->sites[i].path, contents->sites[i].line))
      return true;
  return false;
}

/* Several containers may have one name: it is the one that is touched where the finding is, or
 * where its steps lead. */
static const Contents *contents_of(const Html *h, const ReportFinding *finding) {
  for (uint32_t i = 0; i < h->pictures->content_count; i++) {
    const Contents *contents = &h->pictures->contents[i];
    if (strcmp(contents->name, finding->stored->finding.object))
      continue;
    bool is_it = has_site(contents, &finding->place);
    for (uint32_t k = 0; k < finding->step_count && !is_it; k++)
      is_it = finding->steps[k].has_place && has_site(contents, &finding->steps[k].place);
    if (is_it)
      return contents;
  }
  return NULL;
}

/* The finding stands where the first of the circle takes its second lock. */
static const LockRing *ring_of(const Html *h, const ReportFinding *finding) {
  const LockGraph *graph = &h->pictures->locks;
  for (uint32_t i = 0; i < graph->ring_count; i++) {
    const LockArrow *first = graph->rings[i].arrows;
    const LockStep *last = &first->steps[first->step_count - 1];
    if (is_at(&finding->place, last->path, last->line) &&
        !strcmp(finding->stored->finding.object, graph->locks[first->from].name))
      return &graph->rings[i];
  }
  return NULL;
}

static void begin(Html *h, const char *title, const char *caption) {
  put_format(h, "<section class=\"card\"><h2>%s</h2><figure><figcaption>", title);
  put_sentence(h, caption);
  put(h, "</figcaption>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
         "aria-label=\"picture\">");
}

static void end(Html *h) { put(h, "</div></figure></section>\n"); }

static const char *cycle_words(Html *h, const CallRounds *cycle) {
  const char *text = arena_printf(h->arena, "%s. %s", cycle->depth, cycle->words);
  if (*cycle->measure)
    text = arena_printf(h->arena, "%s; what moves is '%s'", text, cycle->measure);
  if (cycle->tail)
    text = arena_printf(h->arena, "%s; a loop when it is built with optimisation", text);
  return arena_printf(h->arena, "%s.", text);
}

void put_figure(Html *h, const ReportFinding *finding) {
  const char *rule = finding->stored->finding.rule;
  const CallRounds *cycle = text_starts(rule, "recursion-") ? cycle_of(h, finding) : NULL;
  const ThreadLife *life = text_starts(rule, "thread-") ? life_of(h, finding) : NULL;
  const StackChain *chain = text_starts(rule, "stack-") ? chain_of(h, finding) : NULL;
  const Contents *contents = text_starts(rule, "growth-") ? contents_of(h, finding) : NULL;
  const LockRing *ring = text_starts(rule, "lock-order") ? ring_of(h, finding) : NULL;
  if (ring) {
    begin(h, "The circle of locks", "What each thread holds, and what it waits for.");
    draw_ring(&(Canvas){.out = h->out, .arena = h->arena}, &h->pictures->locks, ring);
    end(h);
  } else if (contents) {
    begin(h, "What comes in, and what leaves",
          "Who puts something in, and who takes something out.");
    draw_contents(&(Canvas){.out = h->out, .arena = h->arena}, contents);
    end(h);
  } else if (cycle) {
    begin(h, "The cycle, and the stack that it fills", cycle_words(h, cycle));
    draw_cycle(&(Canvas){.out = h->out, .arena = h->arena}, cycle);
    end(h);
  } else if (life) {
    begin(h, "The life of the thread", "Where it is created, and what becomes of it.");
    draw_life(&(Canvas){.out = h->out, .arena = h->arena}, life);
    end(h);
  } else if (chain) {
    begin(h, "The deepest chain of calls", arena_printf(h->arena, "%s.", chain->words));
    draw_chain(&(Canvas){.out = h->out, .arena = h->arena}, chain);
    end(h);
  }
}
