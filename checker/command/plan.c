/* plan.c - overstay plan: the same run in pieces, written down for an engine that runs them.
 *
 * Every piece is one `tu`, and one `link` comes last. A piece with failed units is a result like
 * any other: what it means for the exit code is for `link` to say.
 */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/message.h"
#include "base/path.h"
#include "command/commands.h"
#include "cli/outputs.h"
#include "run/project.h"

enum { UNITS_A_SHARD = 50 };

typedef struct {
  Arena *arena;
  const char *program, *database; // quoted for a shell
  const char *folder;             // of the shards, quoted
  uint32_t shards;
  const char *engine;
} Plan;

static const char *quoted(Arena *arena, const char *text) {
  const char *result = "'";
  for (; *text; text++)
    result = *text == '\'' ? arena_printf(arena, "%s'\\''", result)
                           : arena_printf(arena, "%s%c", result, *text);
  return arena_printf(arena, "%s'", result);
}

static const char *tu(const Plan *p, const char *number) {
  return arena_printf(p->arena,
                      "%s tu -p %s -j 1 --allow-partial --progress never --shard %s/%u --output "
                      "%s/%s.shard",
                      p->program, p->database, number, p->shards, p->folder, number);
}

static const char *all_shards(const Plan *p) {
  ByteWriter list = {0};
  for (uint32_t i = 1; i <= p->shards; i++) {
    const char *name = arena_printf(p->arena, " %s/%u.shard", p->folder, i);
    bytes_put_raw(&list, name, strlen(name));
  }
  bytes_put_u8(&list, 0);
  const char *text = arena_text(p->arena, (const char *)list.at);
  bytes_free(&list);
  return text;
}

static const char *linked(const Plan *p) {
  return arena_printf(p->arena, "%s link -p %s%s", p->program, p->database, all_shards(p));
}

static void write_shell(FILE *out, const Plan *p) {
  fprintf(out, "#!/bin/sh\nset -e\nmkdir -p %s\n", p->folder);
  for (uint32_t i = 1; i <= p->shards; i++)
    fprintf(out, "%s\n", tu(p, arena_printf(p->arena, "%u", i)));
  fprintf(out, "exec %s \"$@\"\n", linked(p));
}

static void write_parallel(FILE *out, const Plan *p) {
  fprintf(out, "#!/bin/sh\nset -e\nmkdir -p %s\n", p->folder);
  fprintf(out, "seq %u | parallel --halt now,fail=1 %s\n", p->shards,
          quoted(p->arena, tu(p, "{}")));
  fprintf(out, "exec %s \"$@\"\n", linked(p));
}

/* The array knows its own number; the link waits for all of it. */
static void write_slurm(FILE *out, const Plan *p) {
  fprintf(out, "#!/bin/sh\nset -e\nmkdir -p %s\n", p->folder);
  fprintf(out, "job=$(sbatch --parsable --cpus-per-task=1 --array=1-%u --wrap %s)\n", p->shards,
          quoted(p->arena, tu(p, "$SLURM_ARRAY_TASK_ID")));
  fprintf(out, "exec sbatch --wait --dependency=afterok:\"$job\" --wrap %s\n",
          quoted(p->arena, linked(p)));
}

/* '$' means something to ninja. */
static const char *for_ninja(Arena *arena, const char *text) {
  const char *result = "";
  for (; *text; text++)
    result = arena_printf(arena, "%s%s%c", result, *text == '$' ? "$" : "", *text);
  return result;
}

static void write_ninja(FILE *out, const Plan *p) {
  Arena *arena = p->arena;
  fprintf(out, "rule tu\n  command = mkdir -p %s && %s\n  description = units $number/%u\n",
          for_ninja(arena, p->folder), "$unit", p->shards);
  fprintf(out, "rule link\n  command = %s\n  pool = console\n\n", for_ninja(arena, linked(p)));
  for (uint32_t i = 1; i <= p->shards; i++) {
    const char *number = arena_printf(arena, "%u", i);
    fprintf(out, "build shard-%u: tu always\n  number = %u\n  unit = %s\n", i, i,
            for_ninja(arena, tu(p, number)));
  }
  fputs("build always: phony\nbuild report: link", out);
  for (uint32_t i = 1; i <= p->shards; i++)
    fprintf(out, " shard-%u", i);
  fputs("\ndefault report\n", out);
}

static void write_plan(FILE *out, const void *context) {
  static const struct {
    const char *name;
    void (*write)(FILE *, const Plan *);
  } engines[] = {{"ninja", write_ninja},
                 {"parallel", write_parallel},
                 {"shell", write_shell},
                 {"slurm", write_slurm}};
  const Plan *plan = context;
  for (size_t i = 0; i < sizeof engines / sizeof *engines; i++)
    if (!strcmp(plan->engine, engines[i].name))
      engines[i].write(out, plan);
}

int command_plan(const Options *options) {
  Arena *arena = arena_new();
  Project project = project_find(arena, options);
  uint32_t count = project.jobs->count;
  Plan plan = {.arena = arena,
               .program = "overstay",
               .database = quoted(arena, project.database->path),
               .shards = options->shards ? options->shards : (count - 1) / UNITS_A_SHARD + 1,
               .engine = options->engine};
  if (plan.shards > count)
    plan.shards = count;
  plan.folder = quoted(arena, path_join(arena, project.database->directory, ".overstay/shards"));
  if (options->output && strcmp(options->output, "-"))
    outputs_write_file(options->output, write_plan, &plan);
  else
    write_plan(stdout, &plan);
  outputs_finish_stdout();
  arena_free(arena);
  return EXIT_CLEAN;
}
