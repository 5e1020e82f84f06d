/* IDIOMS D40: the guard is a macro, and so is what hides the call. */
#include <setjmp.h>
#include <stdlib.h>

struct tree {
  int kind;
  struct tree *inner;
};

struct parser {
  const char *at;
  int depth;
  jmp_buf failure;
};

enum { TREE_LIMIT = 100 };

_Noreturn static void fail(struct parser *parser) { longjmp(parser->failure, 1); }

static struct tree *new_tree(struct parser *parser, int kind, struct tree *inner) {
  struct tree *tree = malloc(sizeof(*tree));
  if (!tree)
    fail(parser);
  *tree = (struct tree){kind, inner};
  return tree;
}

#define DEEPER()                                                                                   \
  if (++parser->depth > TREE_LIMIT)                                                                \
  fail(parser)
#define HIGHER() --parser->depth
#define TREE(kind, inner) new_tree(parser, kind, inner)

static struct tree *unary(struct parser *parser) {
  struct tree *tree;
  DEEPER();
  if (*parser->at == '-' || *parser->at == '!') {
    int kind = *parser->at++;
    tree = TREE(kind, unary(parser));
  } else {
    tree = TREE(*parser->at++, NULL);
  }
  HIGHER();
  return tree;
}

struct tree *parse_unary(const char *text) {
  struct parser parser = {.at = text};
  if (setjmp(parser.failure))
    return NULL;
  return unary(&parser);
}

/* Known gap: of letters that stand in an "or" it is not seen that the input is asked. */
static struct tree *prefix(struct parser *parser) {
  if (*parser->at == '-' || *parser->at == '!') {
    int kind = *parser->at++;
    return TREE(kind, prefix(parser)); // expect-miss: recursion-unbounded
  }
  return TREE(*parser->at++, NULL);
}

struct tree *parse_prefix(const char *text) {
  struct parser parser = {.at = text};
  if (setjmp(parser.failure))
    return NULL;
  return prefix(&parser);
}
