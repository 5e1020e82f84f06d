/* Limits that are there and bound nothing: tested after the call, set back on the way, passed by on
 * a second way round, compared with something that moves along, lost by one return too many. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 50 };

struct state {
  const char *at;
  int depth, limit;
};

/* By the time of the test the whole input has been nested. */
int tested_too_late(struct state *state, int depth) {
  int count = 1;
  while (*state->at && *state->at != ')')
    if (*state->at++ == '(')
      count += tested_too_late(state, depth + 1); // expect: recursion-unbounded "the nesting of what is read"
  state->at += *state->at == ')';
  return depth > MOST ? -1 : count;
}

/* Every evaluation begins a count of its own. */
static int evaluate(struct state *state);

static int step(struct state *state) {
  int result = 0;
  if (state->depth >= MOST)
    return -1;
  state->depth++;
  while (*state->at && *state->at != ')')
    result += *state->at++ == '(' ? evaluate(state) : 1; // expect: recursion-unbounded "the nesting of what is read"
  state->at += *state->at == ')';
  state->depth--;
  return result;
}

static int evaluate(struct state *state) {
  state->depth = 0;
  return step(state);
}

int evaluate_text(const char *text) {
  struct state state = {.at = text};
  return evaluate(&state);
}

/* Groups are counted. A minus in front of a term is not, and a term may have many. */
static int term(struct state *state);

static int group(struct state *state, int depth) {
  if (depth > MOST)
    return -1;
  state->at++;
  while (*state->at && *state->at != ')')
    if (*state->at == '(')
      group(state, depth + 1);
    else
      term(state);
  state->at += *state->at == ')';
  return 0;
}

static int term(struct state *state) {
  if (*state->at == '-') {
    state->at++;
    return -term(state); // expect: recursion-unbounded "the nesting of what is read"
  }
  return *state->at ? *state->at++ : 0;
}

int group_text(const char *text) {
  struct state state = {.at = text};
  return *text == '(' ? group(&state, 0) : term(&state);
}

/* The limit grows with the depth. */
int moving_limit(struct state *state, int depth, int limit) {
  int count = 1;
  if (depth > limit)
    return -1;
  while (*state->at && *state->at != ')')
    if (*state->at++ == '(')
      count += moving_limit(state, depth + 1, limit + 1); // expect: recursion-unbounded "the nesting of what is read"
  state->at += *state->at == ')';
  return count;
}

/* What is no list is counted down without having been counted up: one such item for each level, and
 * the count stays where it is. Known gap: a cycle is taken to leave counters as they were. */
bool unbalanced(struct state *state) {
  bool fine = false;
  if (state->depth > MOST)
    return false;
  if (*state->at != '(')
    goto done;
  state->depth++;
  for (state->at++; *state->at && *state->at != ')';)
    unbalanced(state); // expect-miss: recursion-unbounded
  fine = true;
done:
  state->at += *state->at != 0;
  state->depth--;
  return fine;
}

/* The return that forgets to count down: too early at the limit, never too late. */
bool forgets_to_leave(struct state *state) {
  if (state->depth >= MOST)
    return false;
  state->depth++;
  for (state->at++; *state->at && *state->at != ')';) {
    if (*state->at == '!')
      return false;
    if (*state->at == '(' ? !forgets_to_leave(state) : !*state->at++)
      return false;
  }
  state->at += *state->at == ')';
  state->depth--;
  return true;
}

/* A test that makes room is no limit. Known gap: by what a callee does after its test is not asked. */
struct program {
  int *code;
  int size, room;
};

static void make_room(struct program *program, int size) {
  if (size >= program->room) {
    program->room = size + 64;
    program->code = realloc(program->code, sizeof(int) * (size_t)program->room);
    if (!program->code)
      abort();
  }
}

void compile_block(struct program *program, FILE *file) {
  for (int c; (c = fgetc(file)) != EOF && c != '}';) {
    make_room(program, program->size);
    program->code[program->size++] = c;
    if (c == '{')
      compile_block(program, file); // expect: recursion-unbounded
  }
}
