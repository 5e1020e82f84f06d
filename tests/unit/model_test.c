/* model_test.c - the shipped models say what they should, mistakes are found where they stand, and
 * summaries survive bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/model.h"

typedef struct {
  Arena *arena;
  TextPool *symbols;
  ModelSet *set;
  const char *error;
} Loaded;

static Loaded load(const char *text) {
  Loaded l = {.arena = arena_new(), .symbols = text_pool_new()};
  ModelSource extra = {"my.model", text};
  l.set = models_load(l.arena, l.symbols, &extra, text != NULL, &l.error);
  return l;
}

static void unload(Loaded *l) {
  models_free(l->set);
  text_pool_free(l->symbols);
  arena_free(l->arena);
}

static const char *printed(const Loaded *l, const Summary *summary) {
  static char text[2048];
  memset(text, 0, sizeof text);
  FILE *out = fmemopen(text, sizeof text, "w");
  summary_print(out, summary, l->symbols, NULL);
  fclose(out);
  return text;
}

static const Summary *find(const Loaded *l, const char *name) {
  TextId id = text_find(l->symbols, name);
  const Summary *summary = id ? models_find(l->set, id) : NULL;
  return summary || !id ? summary : models_fallback(l->set, id);
}

static const struct {
  const char *function, *text;
} shipped[] = {
    {"pthread_mutex_lock", "  case : R->H *$0 (mutex), returns 0\n"},
    {"pthread_exit", "  ends-thread\n  case : noreturn\n"},
    {"pthread_mutex_trylock", "  case ret == 0 : R->H *$0 (mutex, try), returns 0\n"
                              "  case ret != 0 : -\n"},
    {"pthread_mutex_init", "  case : init *$0 with *$1 (mutex)\n"},
    {"pthread_cond_wait",
     "  cancel-point\n  case : H->H *$1 (mutex, drops), waits *$0 with *$1, blocks (thread)\n"},
    {"pthread_key_create",
     "  case ret == 0, $1 != 0 : open *$0 (tsdkey, destructor), calls $1(_) (exit), returns 0\n"
     "  case ret == 0, $1 == 0 : open *$0 (tsdkey), returns 0\n"
     "  case ret != 0, $1 != 0 : calls $1(_) (exit)\n"
     "  case ret != 0, $1 == 0 : -\n"},
    {"pthread_cancel", "  case : cancels $0\n"},
    {"pthread_create", "  case ret == 0 : spawn $2($3) as *$0 with *$1, returns 0\n"
                       "  case ret != 0 : -\n"},
    {"sem_trywait", "  case ret == 0 : R->H *$0 (semaphore, counting, try), returns 0\n"
                    "  case ret != 0 : -\n"},
    {"mtx_init", "  case ($1 & 1) != 0 : init *$0 (mutex, recursive, recursive)\n"
                 "  case ($1 & 1) == 0 : init *$0 (mutex)\n"},
    {"g_mutex_locker_new", "  case : R->H *$0 (mutex), returns $0\n"},
    {"glib_autoptr_cleanup_GMutexLocker", "  case *$0 != 0 : H->R **$0 (mutex)\n"
                                          "  case *$0 == 0 : -\n"},
    {"LWLockConditionalAcquire", "  case $1 == 1, ret != 0 : R->H *$0 (LWLock, read, try)\n"
                                 "  case ret == 0 : returns 0\n"
                                 "  case $1 != 1, ret != 0 : R->H *$0 (LWLock, try)\n"},
    {"synchronize_rcu", "  case : R->R @rcu (rcu, recursive), blocks (sleep)\n"},
    {"struct genpd_lock_ops.lock", "  case : R->H $0->mlock (mutex)\n"},
    {"struct genpd_lock_ops#1f3a5c77.lock", "  case : R->H $0->mlock (mutex)\n"},
    {"macro g_autoptr", "  case : calls glib_autoptr_cleanup_T() (scope)\n"},
    {"LWLockReleaseAll", "  case : release-all (LWLock)\n"},
    {"exit", "  case : noreturn\n"},
    {"error", "  case $0 != 0 : noreturn\n  case $0 == 0 : -\n"},
    {"longjmp", "  longjmp\n  case : noreturn\n"},
    {"setjmp", "  returns-twice\n  case : -\n"},
    {"abs", "  pure\n  case : -\n"},
    {"strlen", "  case : -\n"},
    {"execv", "  case : takes $0, takes $1, returns -1\n"},
};

static void shipped_models_say_what_they_should(void **state) {
  (void)state;
  Loaded l = load(NULL);
  if (!l.set)
    print_error("%s\n", l.error);
  assert_non_null(l.set);
  text_intern(l.symbols, "struct genpd_lock_ops#1f3a5c77.lock");
  for (size_t i = 0; i < sizeof shipped / sizeof *shipped; i++) {
    const Summary *summary = find(&l, shipped[i].function);
    if (!summary)
      print_error("no model of %s\n", shipped[i].function);
    assert_non_null(summary);
    assert_true(summary->flags & SUMMARY_MODEL);
    assert_string_equal(printed(&l, summary), shipped[i].text);
  }
  assert_null(models_find(l.set, text_find(l.symbols, "error"))); // a body wins over it
  assert_null(find(&l, "no_such_function"));
  text_intern(l.symbols, "/usr/include/glib-2.0/glib/gthread.h:g_mutex_locker_new");
  text_intern(l.symbols, "src/mine.c:g_mutex_locker_new");
  assert_ptr_equal(find(&l, "/usr/include/glib-2.0/glib/gthread.h:g_mutex_locker_new"),
                   find(&l, "g_mutex_locker_new"));
  assert_null(find(&l, "src/mine.c:g_mutex_locker_new")); // a static of that name is itself
  assert_int_equal(find(&l, "strlen")->flags & SUMMARY_IDENTITY, SUMMARY_IDENTITY);
  assert_int_equal(find(&l, "fopen")->flags & (SUMMARY_IDENTITY | SUMMARY_NO_LOCKS),
                   SUMMARY_NO_LOCKS);
  assert_int_equal(find(&l, "exit")->flags & SUMMARY_IDENTITY, 0);
  unload(&l);
}

static void types_are_known_by_all_their_spellings(void **state) {
  (void)state;
  Loaded l = load("type struct pool lock mutex\n");
  TextId mutex = text_find(l.symbols, "mutex");
  assert_int_equal(models_lock_type(l.set, "pthread_mutex_t"), mutex);
  assert_int_equal(models_lock_type(l.set, "const volatile pthread_mutex_t"), mutex);
  assert_int_equal(models_lock_type(l.set, "struct pool#12345678"), mutex);
  assert_int_equal(models_lock_type(l.set, "struct LWLock"), text_find(l.symbols, "LWLock"));
  assert_int_equal(models_lock_type(l.set, "int"), 0);
  assert_int_equal(models_lock_type(l.set, "pool"), 0);
  unload(&l);
}

static const struct {
  const char *text, *error; // without "my.model:"
} mistakes[] = {
    {"f(m) acquire *m\n", "1:6: expected ':', not 'acquire'"},
    {"# fine\n\nf(m) : acquire m\n", "3:16: a place is needed here: '*m'?"},
    {"f(m) : aquire *m\n", "1:8: 'aquire' is not an effect"},
    {"f(m) : acquire *n\n", "1:17: 'n' is neither a parameter nor a constant"},
    {"f(m) : acquire *m if m == 0\n", "1:22: 'if' speaks of ret; use 'when' for arguments"},
    {"f(m) : acquire *m when ret == 0\n", "1:24: 'when' speaks of arguments; use 'if' for ret"},
    {"f(m) : acquire *m when m when m\n", "1:26: a second 'when'; join conditions with '&&'"},
    {"f(m) : acquire *m if ret == EWHAT\n", "1:29: 'EWHAT' is neither a parameter nor a constant"},
    {"f(m) : acquire *m,\n", "1:19: an effect is missing"},
    {"f(m) : acquire *m release *m\n", "1:19: expected ',' or the end of the line, not 'release'"},
    {"f(m, m) : -\n", "1:6: two parameters 'm'"},
    {"f(ret) : -\n", "1:3: 'ret' is the result, not a parameter"},
    {"f(m : -\n", "1:5: expected ')', not ':'"},
    {"f(m) : -\nf(m) : acquire *m\n", "2:1: 'f' has a line already: 1"},
    {"f(m) : pure when m\n", "1:13: 'pure' takes no condition"},
    {"f(m) : acquire *m when m && !m\n",
     "1:29: this condition contradicts another one of the same effect"},
    {"f(m) : acquire *m ?\n", "1:19: unexpected '?'"},
    {"f(m) : acquire *m if ret == 0xzz\n", "1:29: '0xzz' is not a number"},
    {"f(m) : acquire *m if ret == 99999999999999999999\n",
     "1:29: '99999999999999999999' is not a number"},
    {"f(m) : acquire *******************m\n", "1:33: nested too deeply"},
    {"f(a, b, c, d) : blocks a when a, blocks b when b, blocks c when c, blocks d when d\n",
     "1:17: the conditions of this line make 16 cases, more than 8"},
    {"const X = 1\nconst X = 2\n", "2:7: 'X' is a constant already"},
    {"const X = m\n", "1:11: 'm' is neither a parameter nor a constant"},
    {"type foo mutex\n", "1:10: expected 'lock', not 'mutex'"},
    {"f(m) : acquire &m\n", "1:16: '&' needs a place, such as '&p->f'"},
    {"f(m) : - , -\n", "1:10: '-' means no effect: nothing may follow"},
    {"f(m)\n", "1:5: ':' is missing"},
    {"\xff\n", "1:1: unexpected byte 0xff"},
    {"f", "1:2: '(' is missing"},
    {"known\n", "1:6: the name of a function is missing"},
};

static void mistakes_are_found_where_they_stand(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
    Loaded l = load(mistakes[i].text);
    assert_null(l.set);
    assert_non_null(l.error);
    assert_true(text_starts(l.error, "my.model:"));
    assert_string_equal(l.error + strlen("my.model:"), mistakes[i].error);
    unload(&l);
  }
}

static const struct {
  const char *line, *text;
} lines[] = {
    // one condition with two polarities; > and >= are < turned round
    {"f(m, k) : acquire *m when k > 3, release *m when k <= 3\n",
     "  case $1 > 3 : R->H *$0 (lock)\n  case $1 <= 3 : H->R *$0 (lock)\n"},
    {"f(m) : acquire *m if ret >= 0\n", "  case ret >= 0 : R->H *$0 (lock)\n  case ret < 0 : -\n"},
    {"f(m) : acquire *m if 0 == ret\n",
     "  case ret == 0 : R->H *$0 (lock), returns 0\n  case ret != 0 : -\n"},
    // contradictory combinations are no cases
    {"f(m) : acquire *m if ret == 0, release *m if ret == 1\n",
     "  case ret == 0 : R->H *$0 (lock), returns 0\n"
     "  case ret == 1 : H->R *$0 (lock), returns 1\n"
     "  case ret != 0, ret != 1 : -\n"},
    {"f(m) : acquire *m if ret < 0, blocks thread if ret < -5\n",
     "  case ret < -5 : R->H *$0 (lock), blocks (thread)\n"
     "  case ret < 0, ret >= -5 : R->H *$0 (lock)\n"
     "  case ret >= 0 : -\n"},
    // what no effect depends on is no condition
    {"f(m, a, b) : acquire *m when a && b\n", "  case $1 != 0, $2 != 0 : R->H *$0 (lock)\n"
                                              "  case $2 == 0 : -\n"
                                              "  case $1 == 0, $2 != 0 : -\n"},
    {"kind rwlock\nf(o) : acquire o->a.b[2]->c read\n",
     "  case : R->H $0->a.b[2]->c (rwlock, read)\n"},
    {"f(o) : acquire **o, release ret->lock\n",
     "  case : R->H **$0 (lock), H->R ret->lock (lock)\n"},
    {"f(m) : acquire *m kind spin recursive\n", "  case : R->H *$0 (spin, recursive)\n"},
    {"const A = 4\nconst B = A | 1 << 3\nf(m, k) : acquire *m when k == B\n",
     "  case $1 == 40 : R->H *$0 (lock)\n  case $1 != 40 : -\n"},
    {"f(i) : acquire ::locks[i]\n", "  case : R->H locks[$0] (lock)\n"},
    {"f(o) : returns &o->lock\n", "  case : returns &$0->lock\n"},
    {"f(_, _, x, ...) : takes x, stores x in ::list, bounded ::list by 10, stack 100\n",
     "  case : takes $2, stores $2 in list, bounded list by 10, stack with 100\n"},
    {"f(k, v) : stores v in k tsdkey if ret == 0\n",
     "  case ret == 0 : stores $1 in $0 (tsdkey), returns 0\n  case ret != 0 : -\n"},
    {"f(k) : fetches ret from *k tsdkey\n", "  case : fetches ret from *$0 (tsdkey)\n"},
    {"f(t) : cancels t, cancel-point\n", "  cancel-point\n  case : cancels $0\n"},
    {"f() : shields\ng() : unshields\n", "  case : shields\n"},
    {"f(p, g) : calls p(g, 1) later, calls helper(p)\n",
     "  case : calls $0($1, 1) (later), calls helper($0) (now)\n"},
    {"f(a, v) : set a.kind = v, set a->on = v != 2\n",
     "  case : set $0->kind = $1, set $0->on = ($1 == 2) == 0\n"},
    {"f(m {struct mutex *}) : acquire *m # with a comment\r\n", "  case : R->H *$0 (lock)\n"},
    {"macro LOCK(m) : acquire *m\nf() : depth-guard\n", "  case : depth-guard\n"},
    {"lock(m) : acquire *m\nkind(m) : release *m\nf(t) : join *t, detach t\n",
     "  case : join *$0, detach $0\n"},
};

static void lines_become_cases(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    Loaded l = load(lines[i].line);
    if (!l.set)
      print_error("%s\n", l.error);
    assert_non_null(l.set);
    assert_string_equal(printed(&l, find(&l, "f")), lines[i].text);
    unload(&l);
  }
}

static void later_files_override(void **state) {
  (void)state;
  Loaded l = load("\npthread_mutex_lock(m) : -\nerror(_, _) : noreturn\n"), plain = load(NULL);
  Loaded same = load("# only a comment\n");
  TextId lock = text_find(l.symbols, "pthread_mutex_lock");
  assert_string_equal(printed(&l, models_find(l.set, lock)), "  case : -\n");
  assert_string_equal(models_origin(l.set, lock), "my.model:2");
  assert_non_null(models_find(l.set, text_find(l.symbols, "error")));
  assert_true(text_starts(models_origin(plain.set, text_find(plain.symbols, "pthread_mutex_lock")),
                          "pthread.model:"));
  assert_false(hash_equal(models_hash(l.set), models_hash(plain.set)));
  assert_true(hash_equal(models_hash(same.set), models_hash(plain.set)));
  unload(&l);
  unload(&plain);
  unload(&same);
}

/* A summary as the analysis makes them: with classes, bounds and several cases. */
static Summary sample(Loaded *l) {
  Summary s = *find(l, "WaitForSingleObject");
  s.writes = arena_new_array(l->arena, TextId, 2);
  s.writes[0] = text_intern(l->symbols, "struct pool#1f3a5c77.used");
  s.writes[1] = text_intern(l->symbols, "pool.c:count");
  s.write_count = 2;
  s.reads = s.writes;
  s.read_count = 1;
  s.hash = summary_hash(&s, l->symbols);
  return s;
}

static void summaries_survive_bytes(void **state) {
  (void)state;
  Loaded l = load(NULL);
  Summary s = sample(&l);
  ByteWriter w = {0}, again = {0};
  summary_write(&w, &s, l.symbols);
  TextPool *others = text_pool_new(); // other numbers, same texts
  text_intern(others, "pool.c:count");
  ByteReader r = bytes_reader(w.at, w.count);
  Summary *back = summary_read(l.arena, &r, others);
  assert_non_null(back);
  assert_ptr_equal(r.at, r.end);
  assert_true(hash_equal(back->hash, s.hash));
  assert_true(back->writes[0] < back->writes[1]);
  summary_write(&again, back, others);
  assert_int_equal(w.count, again.count);
  assert_memory_equal(w.at, again.at, w.count);
  Summary *copy = summary_copy(l.arena, &s);
  assert_true(hash_equal(summary_hash(copy, l.symbols), s.hash));
  assert_true(terms_count(copy->terms) < terms_count(s.terms));
  bytes_free(&w);
  bytes_free(&again);
  text_pool_free(others);
  unload(&l);
}

static void damaged_summaries_are_refused(void **state) {
  (void)state;
  Loaded l = load(NULL);
  Summary s = sample(&l);
  ByteWriter w = {0};
  summary_write(&w, &s, l.symbols);
  uint32_t seed = 1;
  for (size_t at = 0; at < w.count; at++) {
    ByteReader shorter = bytes_reader(w.at, at);
    assert_null(summary_read(l.arena, &shorter, l.symbols));
    for (int round = 0; round < 16; round++) {
      seed = seed * 1664525u + 1013904223u;
      uint8_t old = w.at[at];
      w.at[at] = (uint8_t)(round < 8 ? old ^ 1 << round : (int)(seed >> 24));
      Arena *arena = arena_new();
      ByteReader r = bytes_reader(w.at, w.count);
      Summary *back = summary_read(arena, &r, l.symbols);
      if (back) { // whatever it says now, it can be walked
        printed(&l, back);
        summary_copy(arena, back);
      }
      arena_free(arena);
      w.at[at] = old;
    }
  }
  bytes_free(&w);
  unload(&l);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shipped_models_say_what_they_should),
      cmocka_unit_test(types_are_known_by_all_their_spellings),
      cmocka_unit_test(mistakes_are_found_where_they_stand),
      cmocka_unit_test(lines_become_cases),
      cmocka_unit_test(later_files_override),
      cmocka_unit_test(summaries_survive_bytes),
      cmocka_unit_test(damaged_summaries_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
