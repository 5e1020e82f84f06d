/* site.c - is a call bounded by itself, whatever way leads back to it? */
#include "depth/test.h"

/* Was it compared with something, on some way to the site? */
static bool is_asked(const Site *site, Token token, bool up, bool is_put_back) {
  for (uint32_t i = 0; i < site->asked_count && is_put_back; i++)
    if (site->asked[i] == token)
      return true;
  for (uint32_t i = 0; i < site->test_count; i++)
    if (test_bounds(&site->tests[i], token, up, is_put_back))
      return true;
  for (uint32_t i = 0; i < site->earlier_count; i++) {
    const Test *test = &site->earlier[i];
    bool fixed = test->left.kind == VALUE_CONSTANT || test->right.kind == VALUE_CONSTANT;
    if (test_is_about(test, token) && (fixed || (test->leaves && is_put_back)))
      return true;
  }
  return false;
}

bool is_pointer_token(const Facts *facts, Token token) {
  if (is_parameter(&facts->cells, token))
    return token < 64 && (facts->pointers >> token & 1);
  return cell_at(&facts->cells, token)->pointer;
}

bool is_text_token(const Facts *facts, Token token) {
  if (is_parameter(&facts->cells, token))
    return token < 64 && (facts->texts >> token & 1);
  return cell_at(&facts->cells, token)->text;
}

static bool is_reset(const Resets *resets, const Cell *cell) {
  for (uint32_t i = 0; i < resets->count; i++)
    if (resets->symbols[i] == cell->symbol)
      return true;
  return false;
}

void site_add_resets(const Facts *facts, const Site *site, Resets *resets, uint32_t room) {
  for (uint32_t i = 0; i < site->change_count && resets->count < room; i++) {
    const Cell *cell = cell_at(&facts->cells, site->changes[i].token);
    bool named = cell->kind == CELL_FIELD || cell->kind == CELL_GLOBAL;
    if (site->changes[i].value.kind == VALUE_CONSTANT && named && !cell->pointer &&
        !is_reset(resets, cell))
      resets->symbols[resets->count++] = cell->symbol;
  }
}

bool site_is_bounded(const Facts *facts, const Site *site, const Resets *resets) {
  for (uint32_t i = 0; i < site->change_count; i++) {
    Token token = site->changes[i].token;
    const Value *value = &site->changes[i].value;
    const Cell *cell = cell_at(&facts->cells, token);
    bool adds = value->kind == VALUE_SUM && (value->token == token || value->other == token);
    bool up = value->low >= 1, down = value->high <= -1;
    bool moves = value->kind == VALUE_MOVED && value->token == token && (up || down);
    if ((adds || moves) && cell->kind != CELL_LOCAL && !cell->pointer && !is_reset(resets, cell) &&
        is_asked(site, token, adds || up, cell->moves & (down ? CELL_RAISED : CELL_LOWERED)))
      return true;
  }
  return site->stack_asked;
}

uint64_t site_levels(const Facts *facts, const Site *site, const Resets *resets) {
  uint64_t least = 0;
  for (uint32_t i = 0; i < site->change_count; i++) {
    Token token = site->changes[i].token;
    const Value *value = &site->changes[i].value;
    const Cell *cell = cell_at(&facts->cells, token);
    bool up = value->kind == VALUE_MOVED && value->token == token && value->low >= 1;
    if (!up || cell->pointer || cell->kind == CELL_LOCAL || is_reset(resets, cell) ||
        !(cell->moves & CELL_LOWERED))
      continue;
    for (uint32_t k = 0; k < site->test_count; k++) {
      uint64_t levels = test_levels(&site->tests[k], token, value->low);
      least = levels && (!least || levels < least) ? levels : least;
    }
  }
  return least;
}
