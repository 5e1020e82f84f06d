#include "roots.h"
#include <pthread.h>
#include <stdlib.h>
#include <threads.h>
#include <unistd.h>

static pthread_once_t first = PTHREAD_ONCE_INIT;
static once_flag second = ONCE_FLAG_INIT;

static void make_tables(void) {} // runs: once init
// explain: make_tables "runs once: 'set_up_once' lets it run once"
static void make_more(void) {} // runs: once init
// explain: make_more "runs once: 'set_up_once' lets it run once"
static void reply(void) {} // runs: any run
// explain: reply "any number of times: inside while ((fd = accept(listener, NULL, NULL)) >= 0) of 'serve', reached from 'main'"
static int walk(int depth) { return depth ? walk(depth - 1) : 0; } // runs: any run
static void step(void) {} // runs: any run
// explain: step "any number of times: inside while (sleep(1) == 0) of 'listens', in a thread that runs 'listens', reached from 'main'"
static void few(void) {} // runs: bounded run
// explain: few "runs a number of times that the program's text bounds: inside while (i < 3) of 'main'"
static void nobody(void) {} // runs: never
// explain: nobody "runs never"

void set_up_once(void) { // runs: once init
  pthread_once(&first, make_tables);
  call_once(&second, make_more);
}

void handle(struct request *request) { // runs: any run
  // explain: handle "part of the process's life: run"
  walk(request->number);
  reply();
}

void *counts(void *given) { // runs: bounded run
  // explain: counts "inside while (i < 3) of 'main', reached from 'main'"
  for (int i = 0; i < 3; i++)
    few();
  return given;
}

void *listens(void *given) { // runs: once run
  // explain: listens "runs once: reached from 'main'"
  while (sleep(1) == 0)
    step();
  return given;
}
