/* R-F7, IDIOMS D45: a call of itself as the last thing is a loop in an optimised build, and is told
 * at info only; work after the call, or a local whose address is kept, and it is not. */
// run: --min-confidence info
#include <stdio.h>

struct token {
  int kind, line;
};

int next_token(FILE *file, struct token *token) {
  int c = fgetc(file);
  if (c == '\n') {
    token->line++;
    return next_token(file, token); // expect: recursion-unbounded "the nesting of what is read"
  }
  if (c == '#') {
    while ((c = fgetc(file)) != EOF && c != '\n')
      ;
    return next_token(file, token);
  }
  token->kind = c;
  return c != EOF;
}

int next_token_loop(FILE *file, struct token *token) {
  int c;
  while ((c = fgetc(file)) == '\n')
    token->line++;
  token->kind = c;
  return c != EOF;
}
