/* rules.c - a page a rule: what it found, and below what it looks for, from docs/rules. */
#include "html/page.h"

static void put_summary(Html *h, const void *context) {
  const RuleInfo *rule = context;
  if (!rule->help) {
    put(h, "<p class=\"lead\">");
    put_sentence(h, rule->summary);
    put(h, ".</p>\n");
  }
  put(h, "<div class=\"chips\">");
  put_format(h, "<span class=\"chip %s\">%s</span>", severity_word(rule->severity),
             severity_word(rule->severity));
  if (!rule->is_on)
    put(h, "<span class=\"chip\">off</span>");
  if (rule->references && *rule->references) {
    put(h, "<span class=\"chip\">");
    put_text(h, rule->references);
    put(h, "</span>");
  }
  put(h, "</div>\n<br>\n");
}

static void put_page(Html *h, const void *context) {
  const RuleInfo *rule = context;
  if (!rule->help)
    return;
  put(h, "<section class=\"card page\">");
  put_markdown(h, rule->help, NULL);
  put(h, "</section>\n");
}

static Listing entries_of(Html *h, const char *id) {
  Listing listing = {arena_new_array(h->whole, const Entry *, h->entry_count), 0};
  for (size_t i = 0; i < h->entry_count; i++)
    if (!strcmp(h->entries[i].finding->stored->finding.rule, id))
      listing.at[listing.count++] = &h->entries[i];
  return listing;
}

void rules_write(Html *h) {
  for (size_t i = 0; i < h->rule_count; i++) {
    const RuleInfo *rule = h->rules[i];
    list_write(h,
               &(ListPage){.folder = "rule",
                           .name = rule->id,
                           .title = rule->id,
                           .heading = rule->id,
                           .head = put_summary,
                           .foot = put_page,
                           .context = rule},
               entries_of(h, rule->id));
  }
}
