/* picture.c - see store/contents.h. Of those containers only that something was found of:
 * there are thousands of others. */
#include <string.h>

#include "rule/pass.h"

static bool is_told(const Pass *pass, const Container *container) {
  for (size_t i = 0; i < pass->findings.count; i++) {
    const Finding *finding = pass->findings.at[i];
    if (finding && !strncmp(finding->rule, "growth-", strlen("growth-")) &&
        !strcmp(finding->object, container->name))
      return true;
  }
  return false;
}

static bool is_in(uint32_t effect, const uint32_t *list, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    if (list[i] == effect)
      return true;
  return false;
}

/* What only makes the container, before the process begins its work, takes nothing out. */
static bool is_of_begin(Pass *pass, const GrowthEffect *effect) {
  Multiplicity often = effect_runs(pass, effect);
  return often.runs == RUNS_NEVER || often.life == LIFE_INIT;
}

static void add_site(Pass *pass, Contents *contents, SiteKind kind, const GrowthEffect *effect) {
  const ProgramFunction *function = effect_function(pass, effect);
  ContentSite site = {.kind = kind, .function = function->declared.name};
  site.path = place_of_call(pass, function, effect->touch.instruction, &site.line);
  for (uint32_t i = 0; i < contents->site_count; i++)
    if (contents->sites[i].kind == kind && contents->sites[i].line == site.line &&
        !strcmp(contents->sites[i].path, site.path))
      return;
  site.often = multiplicity_words(multiplicities(pass), pass->arena, function->id,
                                  effect->touch.instruction);
  contents->sites[contents->site_count++] = site;
}

/* Where a callee does it that is in the list itself, that one is the place. */
static void add_sites(Pass *pass, Contents *contents, SiteKind kind, const uint32_t *list,
                      uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const GrowthEffect *effect = effect_at(pass, list[i]);
    bool is_told_below = effect->inner != NO_EFFECT && is_in(effect->inner, list, count);
    if (!is_told_below && (kind == SITE_INSERTS || !is_of_begin(pass, effect)))
      add_site(pass, contents, kind, effect);
  }
}

static Contents picture_of(Pass *pass, const Container *c) {
  Contents contents = {.name = c->name,
                       .sites =
                           arena_new_array(pass->arena, ContentSite,
                                           c->growth_count + c->removal_count + c->reset_count)};
  add_sites(pass, &contents, SITE_INSERTS, c->growths, c->growth_count);
  add_sites(pass, &contents, SITE_REMOVES, c->removals, c->removal_count);
  add_sites(pass, &contents, SITE_EMPTIES, c->resets, c->reset_count);
  return contents;
}

Contents *told_contents(Pass *pass, uint32_t *count) {
  Contents *all = arena_new_array(pass->arena, Contents, pass->container_count);
  *count = 0;
  for (uint32_t i = 0; i < pass->container_count; i++)
    if (is_told(pass, &pass->containers[i]))
      all[(*count)++] = picture_of(pass, &pass->containers[i]);
  return all;
}

ContentDeed *content_deeds(Pass *pass, uint32_t *count) {
  size_t room = 0;
  for (uint32_t i = 0; i < pass->container_count; i++)
    room += pass->containers[i].growth_count + pass->containers[i].removal_count +
            pass->containers[i].reset_count;
  ContentDeed *all = arena_new_array(pass->arena, ContentDeed, room);
  *count = 0;
  for (uint32_t i = 0; i < pass->container_count; i++) {
    const Container *c = &pass->containers[i];
    const struct {
      SiteKind kind;
      const uint32_t *list;
      uint32_t count;
    } kinds[] = {{SITE_INSERTS, c->growths, c->growth_count},
                 {SITE_REMOVES, c->removals, c->removal_count},
                 {SITE_EMPTIES, c->resets, c->reset_count}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
      for (uint32_t n = 0; n < kinds[k].count; n++)
        all[(*count)++] =
            (ContentDeed){effect_at(pass, kinds[k].list[n])->function, kinds[k].kind, c->name};
  }
  return all;
}
