/* Large functions that stay within the limits. A flag that was read for the last time keeps no ways
 * apart; too many flags at once are given up one half after the other, and the function is judged
 * all the same; a loop with many ways back is gone through to its end before its next round.
 */
// run: --min-confidence possible
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
int next_option(void);
int is_asked_for(int what);
void do_it(int what);

/* Each flag is set and tested in a place of its own. */
#define STEP(flag, what)                                                                           \
  int flag = 0;                                                                                    \
  if (is_asked_for(what))                                                                          \
    flag = 1;                                                                                      \
  if (flag)                                                                                        \
    do_it(what);
#define EIGHT_STEPS                                                                                \
  STEP(a, 1) STEP(b, 2) STEP(c, 3) STEP(d, 4) STEP(e, 5) STEP(f, 6) STEP(g, 7) STEP(h, 8)

int steps(int fail) {
  pthread_mutex_lock(&m);
  EIGHT_STEPS
  if (fail)
    do_it(0);
  pthread_mutex_unlock(&m);
  return 0;
}

int steps_leaking(int fail) {
  pthread_mutex_lock(&m);
  EIGHT_STEPS
  if (fail)
    return -1; // expect: lock-leak "is still held"
  pthread_mutex_unlock(&m);
  return 0;
}

/* All are set first and tested afterwards: more ways than are told apart. */
#define ASK(flag, what)                                                                            \
  int flag = 0;                                                                                    \
  if (is_asked_for(what))                                                                          \
    flag = 1;
#define ANSWER(flag, what)                                                                         \
  if (flag)                                                                                        \
    do_it(what);
#define EIGHT_QUESTIONS                                                                            \
  ASK(a, 1) ASK(b, 2) ASK(c, 3) ASK(d, 4) ASK(e, 5) ASK(f, 6) ASK(g, 7) ASK(h, 8)
#define EIGHT_ANSWERS                                                                              \
  ANSWER(a, 1)                                                                                     \
  ANSWER(b, 2)                                                                                     \
  ANSWER(c, 3) ANSWER(d, 4) ANSWER(e, 5) ANSWER(f, 6) ANSWER(g, 7) ANSWER(h, 8)

int questions(int fail) {
  pthread_mutex_lock(&m);
  EIGHT_QUESTIONS
  EIGHT_ANSWERS
  if (fail)
    do_it(0);
  pthread_mutex_unlock(&m);
  return 0;
}

int questions_leaking(int fail) {
  pthread_mutex_lock(&m);
  EIGHT_QUESTIONS
  EIGHT_ANSWERS
  if (fail)
    return -1; // expect: lock-leak "is still held"
  pthread_mutex_unlock(&m);
  return 0;
}

/* Two hundred ways back to a loop's header, each from a write to something of its own. */
#define DECLARE(n) setting_##n,
#define WAY_BACK(n)                                                                                \
  if (option == n) {                                                                               \
    setting_##n = option;                                                                          \
    if (is_asked_for(n))                                                                           \
      continue;                                                                                    \
    do_it(setting_##n);                                                                            \
    continue;                                                                                      \
  }
#define TEN(what, n)                                                                               \
  what(n##0) what(n##1) what(n##2) what(n##3) what(n##4) what(n##5) what(n##6) what(n##7)          \
      what(n##8) what(n##9)
#define ALL(what)                                                                                  \
  TEN(what, 1)                                                                                     \
  TEN(what, 2)                                                                                     \
  TEN(what, 3) TEN(what, 4) TEN(what, 5) TEN(what, 6) TEN(what, 7) TEN(what, 8) TEN(what, 9)       \
      TEN(what, 10) TEN(what, 11) TEN(what, 12) TEN(what, 13) TEN(what, 14) TEN(what, 15)          \
          TEN(what, 16) TEN(what, 17) TEN(what, 18) TEN(what, 19) TEN(what, 20)
static int ALL(DECLARE) other_setting;

int options(int fail) {
  pthread_mutex_lock(&m);
  int option;
  while ((option = next_option()) > 0) {
    ALL(WAY_BACK)
  }
  if (fail)
    do_it(0);
  pthread_mutex_unlock(&m);
  return 0;
}

int options_leaking(int fail) {
  pthread_mutex_lock(&m);
  int option;
  while ((option = next_option()) > 0) {
    ALL(WAY_BACK)
  }
  if (fail)
    return other_setting; // expect: lock-leak "is still held"
  pthread_mutex_unlock(&m);
  return 0;
}
