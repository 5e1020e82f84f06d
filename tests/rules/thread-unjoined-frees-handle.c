/* A thread per session, whose handle is kept in the session. At the end of the program all sessions
 * that are left are joined; those that ended before have freed themselves, and nobody can join them
 * any more: such threads have to be detached. */
// run: --min-confidence possible
#include <pthread.h>
#include <stdlib.h>

int serve(void *session);
int next_client(void);

/* ---- never detached */

struct session {
  pthread_t thread;
  int client;
  struct session *next;
};
static struct session *sessions;

static void drop_session(struct session *s) {
  if (sessions == s)
    sessions = s->next;
  free(s);
}

static void *run_session(void *given) {
  struct session *s = given;
  while (serve(s))
    ;
  drop_session(s);
  return NULL;
}

void accept_sessions(void) {
  int client;
  while ((client = next_client()) >= 0) {
    struct session *s = malloc(sizeof *s);
    if (!s)
      return;
    s->client = client;
    pthread_create(&s->thread, NULL, run_session, s); // expect: thread-unjoined "who joins it comes too late"
    s->next = sessions;
    sessions = s;
  }
}

void stop_sessions(void) {
  for (; sessions; sessions = sessions->next)
    pthread_join(sessions->thread, NULL);
}

/* ---- detached by who ends by itself */

struct call {
  pthread_t thread;
  struct call *next;
};
static struct call *calls;

static void *run_call(void *given) {
  struct call *c = given;
  while (serve(c))
    ;
  pthread_detach(c->thread);
  free(c);
  return NULL;
}

void accept_call(void) {
  struct call *c = malloc(sizeof *c);
  if (!c || pthread_create(&c->thread, NULL, run_call, c))
    return; // expect: resource-leak "'c'"
  c->next = calls;
  calls = c;
}

void stop_calls(void) {
  for (; calls; calls = calls->next)
    pthread_join(calls->thread, NULL);
}

/* ---- freed by who joins */

struct job {
  pthread_t thread;
  void *input;
  struct job *next;
};
static struct job *jobs;

static void *run_job(void *given) {
  struct job *j = given;
  while (serve(j))
    ;
  free(j->input);
  return NULL;
}

void start_job(void) {
  struct job *j = malloc(sizeof *j);
  if (!j || pthread_create(&j->thread, NULL, run_job, j))
    return; // expect: resource-leak "'j'"
  j->next = jobs;
  jobs = j;
}

void stop_jobs(void) {
  while (jobs) {
    struct job *j = jobs;
    jobs = j->next;
    pthread_join(j->thread, NULL);
    free(j);
  }
}
