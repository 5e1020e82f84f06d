/* contract.c - `overstay contract FUNCTION`: what whoever calls it has to know, as far as the
 * analysis knows it. Of containers those are known that are reached from a global. */
#include <inttypes.h>
#include <string.h>

#include "base/message.h"
#include "base/path.h"
#include "cli/outputs.h"
#include "command/commands.h"
#include "command/contract.h"
#include "picture/picture.h"
#include "report/jsonic.h"
#include "run/run.h"

enum { SCHEMA = 1, LABEL = 13 };

/* ---- text */

static void put_label(const char *label) { printf("  %-*s ", LABEL, label); }

static void print_promise(Arena *arena, const Promise *promise) {
  put_label(promise_verb(promise->action));
  fputs(visible(arena, promise->what), stdout);
  if (*promise->kind)
    printf(" (%s)", promise->kind);
  if (!strcmp(promise->action, "maybe"))
    fputs(" in a state that is not known", stdout);
  if (!strcmp(promise->action, "use"))
    fputs(", and gives it back", stdout);
  if (*promise->when)
    printf(" when %s", visible(arena, promise->when));
  if (*promise->result)
    printf("%s%s%s", *promise->when ? ": " : " when it ",
           strcmp(promise->result, "does not return") ? "returns " : "",
           visible(arena, promise->result));
  putchar('\n');
}

static void print_thread(Arena *arena, const LifeEvent *event, const ThreadLife *life) {
  static const char *const labels[] = {"spawns", "joins", "detaches"};
  put_label(labels[event->kind]);
  fputs(visible(arena, lifelines_title(arena, life)), stdout);
  printf(", line %u", event->line);
  printf(*event->often ? "; %s\n" : "%s\n", visible(arena, event->often));
}

static void print_content(Arena *arena, const ContentDeed *deed) {
  static const char *const labels[] = {"grows", "shrinks", "empties"};
  put_label(labels[deed->kind]);
  printf("%s\n", visible(arena, deed->name));
}

static void print_block(Arena *arena, const ContractBlock *block) {
  put_label("may wait");
  printf("in %s (%s)", visible(arena, block->callee), visible(arena, block->kind));
  if (block->calls)
    printf(", called by %s (%s), %u call%s away", visible(arena, block->function),
           visible(arena, block->path), block->calls, block->calls == 1 ? "" : "s");
  putchar('\n');
}

static void print_stack(Arena *arena, const Contract *contract) {
  put_label("stack");
  printf("%s of its own%s; %s with what it calls%s\n",
         picture_byte_range(arena, contract->frame.low, contract->frame.high),
         contract->frame.grows ? ", and grows" : "",
         picture_byte_range(arena, contract->need.low, contract->need.high),
         contract->recursive ? ", for one round: calls come back to it" : "");
}

/* "struct pool.lock" of "struct pool#1f3a5c77.lock", "lock" of "src/a.c:lock" */
static const char *plain_key(Arena *arena, const char *key) {
  const char *hash = strchr(key, '#'), *dot = hash ? strchr(hash, '.') : NULL;
  const char *colon = hash ? NULL : strrchr(key, ':');
  if (dot)
    return arena_printf(arena, "%.*s%s", (int)(hash - key), key, dot);
  return colon ? colon + 1 : key;
}

static void print_guard(Arena *arena, const GuardDeed *guard) {
  put_label("guarded");
  printf("%s by %s (%" PRIu32 " of %" PRIu32 " uses hold it)\n",
         visible(arena, plain_key(arena, guard->datum)),
         visible(arena, plain_key(arena, guard->lock)), guard->held, guard->counted);
}

static void print_contract(Arena *arena, const Contract *contract) {
  printf("%s (%s)\n", visible(arena, contract->name), visible(arena, contract->path));
  if (contract->governed_by) {
    put_label("governed by");
    printf("%s\n", visible(arena, contract->governed_by));
  } else if (!contract->has_summary) {
    put_label("not known");
    puts("its code was not analysed");
  }
  for (uint32_t i = 0; i < contract->promises.count; i++)
    print_promise(arena, &contract->promises.at[i]);
  if (contract->has_summary && !contract->promises.count) {
    put_label("locks");
    puts("none that a caller sees");
  }
  for (uint32_t i = 0; i < contract->thread_count; i++)
    print_thread(arena, contract->threads[i], contract->lives[i]);
  for (uint32_t i = 0; i < contract->content_count; i++)
    print_content(arena, contract->contents[i]);
  for (uint32_t i = 0; i < contract->guard_count; i++)
    print_guard(arena, contract->guards[i]);
  for (uint32_t i = 0; i < contract->block_count; i++)
    print_block(arena, &contract->blocks[i]);
  print_stack(arena, contract);
  put_label("ends");
  puts(contract->never_returns ? "it does not return"
       : contract->ends_thread ? "it may end the thread"
                               : "it returns");
  if (contract->may_be_cancelled) {
    put_label("cancellation");
    puts("a thread may be cancelled in it");
  }
  if (contract->is_degraded) {
    put_label("limits");
    puts("a limit of the analysis was reached: this is not all of it");
  }
}

/* ---- JSON */

static json_t *deeds_value(Arena *arena, const Contract *contract) {
  json_t *list = json_array();
  for (uint32_t i = 0; i < contract->promises.count; i++) {
    const Promise *promise = &contract->promises.at[i];
    json_t *value = json_object();
    jsonic_put_text(arena, value, "action", promise->action);
    jsonic_put_text(arena, value, "what", promise->what);
    jsonic_put_text(arena, value, "kind", promise->kind);
    jsonic_put_text(arena, value, "when", promise->when);
    jsonic_put_text(arena, value, "result", promise->result);
    jsonic_add(list, value);
  }
  return list;
}

static json_t *threads_value(Arena *arena, const Contract *contract) {
  static const char *const words[] = {"spawn", "join", "detach"};
  json_t *list = json_array();
  for (uint32_t i = 0; i < contract->thread_count; i++) {
    const LifeEvent *event = contract->threads[i];
    json_t *value = json_object(), *runs = json_array();
    jsonic_put_text(arena, value, "action", words[event->kind]);
    jsonic_put_text(arena, value, "handle", contract->lives[i]->handle);
    for (uint32_t k = 0; k < contract->lives[i]->entry_count; k++)
      jsonic_add(runs, jsonic_text(arena, contract->lives[i]->entries[k]));
    jsonic_put(value, "runs", runs);
    jsonic_put_number(value, "line", event->line);
    jsonic_put_text(arena, value, "often", event->often);
    jsonic_add(list, value);
  }
  return list;
}

static json_t *contents_value(Arena *arena, const Contract *contract) {
  static const char *const words[] = {"grow", "shrink", "empty"};
  json_t *list = json_array();
  for (uint32_t i = 0; i < contract->content_count; i++) {
    json_t *value = json_object();
    jsonic_put_text(arena, value, "action", words[contract->contents[i]->kind]);
    jsonic_put_text(arena, value, "what", contract->contents[i]->name);
    jsonic_add(list, value);
  }
  return list;
}

static json_t *guards_value(Arena *arena, const Contract *contract) {
  json_t *list = json_array();
  for (uint32_t i = 0; i < contract->guard_count; i++) {
    const GuardDeed *guard = contract->guards[i];
    json_t *value = json_object();
    jsonic_put_text(arena, value, "what", plain_key(arena, guard->datum));
    jsonic_put_text(arena, value, "lock", plain_key(arena, guard->lock));
    jsonic_put_number(value, "held", guard->held);
    jsonic_put_number(value, "uses", guard->counted);
    jsonic_add(list, value);
  }
  return list;
}

static json_t *blocks_value(Arena *arena, const Contract *contract) {
  json_t *list = json_array();
  for (uint32_t i = 0; i < contract->block_count; i++) {
    const ContractBlock *block = &contract->blocks[i];
    json_t *value = json_object();
    jsonic_put_text(arena, value, "callee", block->callee);
    jsonic_put_text(arena, value, "kind", block->kind);
    jsonic_put_text(arena, value, "function", block->function);
    jsonic_put_text(arena, value, "path", block->path);
    jsonic_put_number(value, "calls", block->calls);
    jsonic_add(list, value);
  }
  return list;
}

static json_t *stack_value(const Contract *contract) {
  json_t *value = json_object();
  jsonic_put_number(value, "own_low", contract->frame.low);
  jsonic_put_number(value, "own_high", contract->frame.high);
  jsonic_put_number(value, "low", contract->need.low);
  jsonic_put_number(value, "high", contract->need.high);
  jsonic_put(value, "grows", json_boolean(contract->frame.grows));
  jsonic_put(value, "recursive", json_boolean(contract->recursive));
  return value;
}

static json_t *contract_value(Arena *arena, const Contract *contract) {
  json_t *value = json_object();
  jsonic_put_text(arena, value, "function", contract->name);
  jsonic_put_text(arena, value, "path", contract->path);
  if (contract->governed_by)
    jsonic_put_text(arena, value, "governed_by", contract->governed_by);
  jsonic_put(value, "known", json_boolean(contract->has_summary || contract->governed_by));
  jsonic_put(value, "deeds", deeds_value(arena, contract));
  jsonic_put(value, "threads", threads_value(arena, contract));
  jsonic_put(value, "containers", contents_value(arena, contract));
  jsonic_put(value, "guards", guards_value(arena, contract));
  jsonic_put(value, "may_wait", blocks_value(arena, contract));
  jsonic_put(value, "stack", stack_value(contract));
  jsonic_put(value, "returns", json_boolean(!contract->never_returns));
  jsonic_put(value, "may_end_thread", json_boolean(contract->ends_thread));
  jsonic_put(value, "may_be_cancelled", json_boolean(contract->may_be_cancelled));
  jsonic_put(value, "complete", json_boolean(!contract->is_degraded));
  return value;
}

/* ---- the command */

static bool is_meant(const StoredFunction *function, const char *what) {
  return !(function->flags & FUNCTION_INITIALISER) &&
         (!strcmp(function->name, what) || !strcmp(function->key, what));
}

static size_t print_all(const ContractSource *source, const char *what, bool as_json) {
  size_t count, printed = 0;
  const StoredFunction *functions = store_functions(source->store, &count);
  json_t *all = json_object(), *list = json_array();
  for (size_t i = 0; i < count; i++) {
    if (!is_meant(&functions[i], what))
      continue;
    Contract contract = contract_of(source, (uint32_t)i);
    if (as_json)
      jsonic_add(list, contract_value(source->arena, &contract));
    else if (printed)
      putchar('\n');
    if (!as_json)
      print_contract(source->arena, &contract);
    printed++;
  }
  jsonic_put_number(all, "schema", SCHEMA);
  jsonic_put(all, "contracts", list);
  if (as_json && printed)
    jsonic_write(stdout, all, JSON_INDENT(2));
  else
    json_decref(all);
  return printed;
}

static void die_of_unknown(const ContractSource *source, const char *what) {
  TextId symbol = text_find(source->symbols, what);
  const char *origin = symbol ? models_origin(source->program->models, symbol) : NULL;
  if (origin)
    die(EXIT_USAGE, "'%s' is not of this program: 'overstay models %s' says what is known of it",
        what, what);
  die(EXIT_USAGE, "there is no function '%s'", what);
}

int command_contract(const Options *options) {
  const char *what = options->arguments.at[0];
  Run run = {.arena = arena_new(), .options = options};
  run.project = project_find(run.arena, options);
  run_load_models(&run);
  run.store = project_store(run.arena, options, &run.project, STORE_READ);
  RuleRun known = run_recall(
      &run,
      &(AnalyseOptions){
          .lives = true, .frames = true, .needs = true, .content_deeds = true, .guards = true});
  Program *program = analyse_link(run.arena, run.store, &run.project, run.models, run.symbols);
  ContractSource source = {run.arena, run.store, run.symbols, program, &known};
  if (!print_all(&source, what, !strcmp(options->format, "json")))
    die_of_unknown(&source, what);
  outputs_finish_stdout();
  program_free(program);
  store_close(run.store);
  models_free(run.models);
  text_pool_free(run.symbols);
  arena_free(run.arena);
  return EXIT_CLEAN;
}
