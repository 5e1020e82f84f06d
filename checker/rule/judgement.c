/* judgement.c - what the rules said of one function, kept so that an unchanged function need not be
 * judged again. What hangs on the rest of the program is left to on_program, in every run. */
#include "rule/pass.h"

#include "base/message.h"

static Judged judged(const Pass *pass) {
  return (Judged){.findings = pass->findings.count,
                  .kept_back = pass->kept_back.count,
#define ROW_COUNTED(Type, type, list, least) .list = pass->list.count,
                  ROW_LISTS(ROW_COUNTED)
#undef ROW_COUNTED
  };
}

/* Dropped ones are NULL. */
static void write_findings(ByteWriter *out, Finding *const *findings, size_t count) {
  bytes_put_u(out, count);
  for (size_t i = 0; i < count; i++) {
    bytes_put_u8(out, findings[i] != NULL);
    if (findings[i])
      finding_write(out, findings[i]);
  }
}

bool judgement_write(Observer *observer, ByteWriter *out) {
  Pass *pass = observer->context;
  const Judged *before = &pass->before;
  Judged now = judged(pass);
  write_findings(out, pass->findings.at + before->findings, now.findings - before->findings);
  write_findings(out, pass->kept_back.at + before->kept_back, now.kept_back - before->kept_back);
#define ROWS_WRITTEN(Type, type, list, least)                                                      \
  bytes_put_u(out, now.list - before->list);                                                       \
  for (size_t i = before->list; i < now.list; i++)                                                 \
    type##_write(pass, out, &pass->list.at[i]);
  ROW_LISTS(ROWS_WRITTEN)
#undef ROWS_WRITTEN
  bool is_told = now.findings > before->findings || now.kept_back > before->kept_back ||
                 now.deeds > before->deeds || now.threads > before->threads ||
                 now.conditions > before->conditions;
  pass->before = now;
  return is_told;
}

static void read_findings(const Pass *pass, ByteReader *in, FindingList *findings) {
  for (size_t n = bytes_get_count(in, 1); n; n--) {
    Finding *finding = arena_new_one(pass->arena, Finding);
    bool is_there = bytes_get_u8(in) && finding_read(in, pass->arena, finding);
    array_push(findings, is_there ? finding : NULL);
  }
}

void judgement_read(Observer *observer, const ProgramFunction *function, ByteReader *in) {
  Pass *pass = observer->context;
  read_findings(pass, in, &pass->findings);
  read_findings(pass, in, &pass->kept_back);
#define ROWS_READ(Type, type, list, least)                                                         \
  for (size_t n = bytes_get_count(in, least); n; n--)                                              \
    array_push(&pass->list, type##_read(pass, function, in));
  ROW_LISTS(ROWS_READ)
#undef ROWS_READ
  if (in->failed || in->at != in->end)
    bug("what was stored of function '%s' cannot be read", function->declared.key);
  pass->before = judged(pass);
}

/* ---- numbers of findings that are kept back, as they are within one function */

void kept_back_write(const Pass *pass, ByteWriter *out, uint32_t finding) {
  bytes_put_u(out, finding == NO_FINDING ? 0 : finding - pass->before.kept_back + 1);
}

uint32_t kept_back_read(const Pass *pass, ByteReader *in) {
  uint32_t finding = bytes_get_u32(in);
  return finding ? (uint32_t)pass->before.kept_back + finding - 1 : NO_FINDING;
}
