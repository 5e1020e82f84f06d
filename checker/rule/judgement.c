/* judgement.c - what the rules said of one function, kept so that an unchanged function need not be
 * judged again. What hangs on the rest of the program is left to on_program, in every run. */
#include "rule/pass.h"

#include "base/message.h"

static Judged judged(const Pass *pass) {
  return (Judged){pass->findings.count,      pass->kept_back.count, pass->rows.count,
                  pass->releases.count,      pass->mixed.count,     pass->insides.count,
                  pass->threads.count,       pass->deeds.count,     pass->frames.count,
                  pass->growths.count,       pass->levels.count,    pass->sizes.count,
                  pass->container_rows.count};
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

static void write_row(const Pass *pass, ByteWriter *out, const ContractRow *row) {
  bytes_put_text(out, row->class_key);
  bytes_put_u(out, row->pattern);
  bytes_put_u8(out, row->named);
  bytes_put_u8(out, row->direct);
  bytes_put_u8(out, row->handed_out);
  bytes_put_u8(out, row->sometimes);
  bytes_put_u(out, row->finding == NO_FINDING ? 0 : row->finding - pass->before.kept_back + 1);
}

bool judgement_write(Observer *observer, ByteWriter *out) {
  Pass *pass = observer->context;
  const Judged *before = &pass->before;
  Judged now = judged(pass);
  bool mixed = now.mixed > before->mixed;
  bytes_put_u8(out, mixed);
  bytes_put_u8(out, mixed && pass->mixed.at[before->mixed].direct);
  write_findings(out, pass->findings.at + before->findings, now.findings - before->findings);
  write_findings(out, pass->kept_back.at + before->kept_back, now.kept_back - before->kept_back);
  bytes_put_u(out, now.rows - before->rows);
  for (size_t i = before->rows; i < now.rows; i++)
    write_row(pass, out, &pass->rows.at[i]);
  bytes_put_u(out, now.releases - before->releases);
  for (size_t i = before->releases; i < now.releases; i++)
    bytes_put_text(out, text_of(pass->program->symbols, pass->releases.at[i].class_symbol));
  bytes_put_u(out, now.insides - before->insides);
  for (size_t i = before->insides; i < now.insides; i++)
    inside_write(out, &pass->insides.at[i]);
  bytes_put_u(out, now.threads - before->threads);
  for (size_t i = before->threads; i < now.threads; i++)
    thread_row_write(pass, out, &pass->threads.at[i]);
  bytes_put_u(out, now.deeds - before->deeds);
  for (size_t i = before->deeds; i < now.deeds; i++)
    deed_row_write(pass, out, &pass->deeds.at[i]);
  bytes_put_u(out, now.frames - before->frames);
  for (size_t i = before->frames; i < now.frames; i++)
    frame_row_write(out, &pass->frames.at[i]);
  bytes_put_u(out, now.growths - before->growths);
  for (size_t i = before->growths; i < now.growths; i++)
    growth_row_write(out, &pass->growths.at[i]);
  bytes_put_u(out, now.levels - before->levels);
  for (size_t i = before->levels; i < now.levels; i++)
    level_row_write(out, &pass->levels.at[i]);
  bytes_put_u(out, now.sizes - before->sizes);
  for (size_t i = before->sizes; i < now.sizes; i++)
    size_row_write(out, &pass->sizes.at[i]);
  bytes_put_u(out, now.containers - before->containers);
  for (size_t i = before->containers; i < now.containers; i++)
    container_row_write(out, &pass->container_rows.at[i]);
  bool is_told = now.findings > before->findings || now.kept_back > before->kept_back ||
                 now.deeds > before->deeds;
  pass->before = now;
  return is_told;
}

static Finding *read_finding(const Pass *pass, ByteReader *in) {
  Finding *finding = arena_new_one(pass->arena, Finding);
  return bytes_get_u8(in) && finding_read(in, pass->arena, finding) ? finding : NULL;
}

static ContractRow read_row(const Pass *pass, const ProgramFunction *function, ByteReader *in) {
  ContractRow row = {.function = function, .class_key = bytes_get_text(in, pass->arena)};
  row.root = is_root(function);
  row.pattern = (ExitPattern)bytes_get_u32(in);
  row.named = bytes_get_u8(in);
  row.direct = bytes_get_u8(in);
  row.handed_out = bytes_get_u8(in);
  row.sometimes = bytes_get_u8(in);
  uint32_t finding = bytes_get_u32(in);
  row.finding = finding ? (uint32_t)pass->before.kept_back + finding - 1 : NO_FINDING;
  return row;
}

void judgement_read(Observer *observer, const ProgramFunction *function, ByteReader *in) {
  Pass *pass = observer->context;
  bool mixed = bytes_get_u8(in), direct = bytes_get_u8(in);
  if (mixed)
    array_push(&pass->mixed, (MixedFunction){function->declared.key, direct});
  for (size_t n = bytes_get_count(in, 1); n; n--)
    array_push(&pass->findings, read_finding(pass, in));
  for (size_t n = bytes_get_count(in, 1); n; n--)
    array_push(&pass->kept_back, read_finding(pass, in));
  for (size_t n = bytes_get_count(in, 7); n; n--)
    array_push(&pass->rows, read_row(pass, function, in));
  for (size_t n = bytes_get_count(in, 1); n; n--) {
    TextId symbol = text_intern(pass->program->symbols, bytes_get_text(in, pass->arena));
    array_push(&pass->releases, (Release){function, symbol});
  }
  for (size_t n = bytes_get_count(in, 5); n; n--)
    array_push(&pass->insides, inside_read(pass, function, in));
  for (size_t n = bytes_get_count(in, 6); n; n--)
    array_push(&pass->threads, thread_row_read(pass, function, in));
  for (size_t n = bytes_get_count(in, 7); n; n--)
    array_push(&pass->deeds, deed_row_read(pass, function, in));
  for (size_t n = bytes_get_count(in, 4); n; n--)
    array_push(&pass->frames, frame_row_read(function, in));
  for (size_t n = bytes_get_count(in, 4); n; n--)
    array_push(&pass->growths, growth_row_read(function, in));
  for (size_t n = bytes_get_count(in, 2); n; n--)
    array_push(&pass->levels, level_row_read(function, in));
  for (size_t n = bytes_get_count(in, 2); n; n--)
    array_push(&pass->sizes, size_row_read(pass, in));
  for (size_t n = bytes_get_count(in, 1); n; n--)
    array_push(&pass->container_rows, container_row_read(pass, function, in));
  if (in->failed || in->at != in->end)
    bug("what was stored of function '%s' cannot be read", function->declared.key);
  pass->before = judged(pass);
}
