/* finding_bytes.c - findings as bytes (finding.h). */
#include "store/finding.h"

#include <string.h>

static void put_position(ByteWriter *w, const Position *at) {
  bytes_put_u8(w, at->function != NULL);
  if (!at->function)
    return;
  bytes_put_text(w, at->function);
  bytes_put_raw(w, &at->body, sizeof at->body);
  bytes_put_u(w, at->index);
  bytes_put_u8(w, at->terminator);
}

void finding_write(ByteWriter *w, const Finding *finding) {
  bytes_put_text(w, finding->rule);
  bytes_put_u(w, finding->severity);
  bytes_put_u(w, finding->confidence);
  put_position(w, &finding->at);
  bytes_put_text(w, finding->message);
  bytes_put_u(w, finding->node);
  bytes_put_text(w, finding->object);
  bytes_put_raw(w, &finding->loose, sizeof finding->loose);
  bytes_put_u(w, finding->step_count);
  for (uint32_t i = 0; i < finding->step_count; i++) {
    const Step *step = &finding->steps[i];
    bytes_put_u(w, step->kind);
    put_position(w, &step->at);
    bytes_put_text(w, step->text);
    bytes_put_u(w, step->node);
    bytes_put_u8(w, step->if_true);
    bytes_put_u(w, step->next);
  }
}

static uint32_t get_up_to(ByteReader *r, uint32_t largest) {
  uint32_t value = bytes_get_u32(r);
  if (value > largest)
    r->failed = true;
  return r->failed ? 0 : value;
}

static Position get_position(ByteReader *r, Arena *arena) {
  Position at = {0};
  if (!bytes_get_u8(r))
    return at;
  at.function = bytes_get_text(r, arena);
  at.body = bytes_get_hash(r);
  at.index = bytes_get_u32(r);
  at.terminator = bytes_get_u8(r);
  return at;
}

bool finding_read(ByteReader *r, Arena *arena, Finding *finding) {
  finding->rule = bytes_get_text(r, arena);
  finding->severity = (Severity)get_up_to(r, SEVERITY_ERROR);
  finding->confidence = (Confidence)get_up_to(r, CONFIDENCE_CERTAIN);
  finding->at = get_position(r, arena);
  finding->message = bytes_get_text(r, arena);
  finding->node = bytes_get_u32(r);
  finding->object = bytes_get_text(r, arena);
  finding->loose = bytes_get_hash(r);
  finding->step_count = (uint32_t)bytes_get_count(r, 5);
  finding->steps = arena_new_array(arena, Step, finding->step_count);
  for (uint32_t i = 0; i < finding->step_count && !r->failed; i++) {
    Step *step = &finding->steps[i];
    step->kind = (StepKind)get_up_to(r, STEP_REASON);
    step->at = get_position(r, arena);
    step->text = bytes_get_text(r, arena);
    step->node = bytes_get_u32(r);
    step->if_true = bytes_get_u8(r);
    step->next = bytes_get_u32(r);
  }
  return !r->failed;
}
