/* Empty things, errors inside, nested functions, labels at the end, types without names. */
void f(int);

void empty(void) {}

void empty_statements(int x) {
  ;
  if (x)
    ;
  else
    f(1);
  while (0)
    f(2);
  (void)0;
  _Static_assert(1, "");
  x;
}

void label_at_the_end(int x) {
  if (x)
    goto end;
  f(x);
end:;
}

void fallthrough(int x) {
  switch (x) {
  case 1:
    f(1);
    __attribute__((fallthrough));
  case 2:
    f(2);
  }
}

void nameless_types(void) {
  struct {
    int a;
  } one = {1};
  enum { FIRST, SECOND } kind = SECOND;
  f(one.a + kind);
}

void broken(int x) {
  f(x);
  unknown_macro(x) { f(2); }
  f(3);
}

void nested_function(int x) {
  int inner(int y) { return x + y; }
  f(inner(2));
}

static inline int unused(void) {
  return 1;
}

__attribute__((constructor)) static void early(void) {
  f(__LINE__ > 0);
}

__attribute__((weak)) int maybe(void) {
  return 0;
}

void characters(char c) {
  if (c == 'x' || c == '\n')
    f(c);
  f("abc"[1]);
  f(sizeof "abc");
}

void wide(void) {
  unsigned long all = ~0ul;
  long least = -9223372036854775807L - 1;
  f(all == least);
}

void chained(int a, int b, int c) {
  f(a < b == c > 1);
  f((a, b));
  f(-a - -b);
  f(+a);
}

/* A number that hangs on `i`. */
struct table {
  int count;
  struct {
    short id, flag;
  } rows[4];
};
unsigned long row_offset(int i) { return __builtin_offsetof(struct table, rows[i].flag); }
unsigned long next_offset(int i) { return __builtin_offsetof(struct table, rows[++i].flag); }

/* IR
function broken(x: int): void tainted
b0:
  call f(x)
  t1 = call unknown_macro(x)
  call f(2)
  call f(3) tail
  return
function chained(a: int, b: int, c: int): void
b0:
  call f(a < b == 1 < c)
  call f(b)
  call f(-a - -b)
  call f(a) tail
  return
function characters(c: char): void
b0:
  branch (int)c == 120 ? b2 : b3
b1:
  t1 = load "abc"[1]
  call f((int)t1)
  call f(4) tail
  return
b2:
  call f((int)c)
  jump b1
b3:
  branch (int)c == 10 ? b2 : b1
function empty(): void
b0:
  return
function empty_statements(x: int): void
b0:
  branch x ? b3 : b1
b1:
  call f(1)
  jump b3
b2:
  call f(2)
  jump b3
b3:
  return
function fallthrough(x: int): void
b0:
  switch x { 1: b2, 2: b3, default: b1 }
b1:
  return
b2:
  call f(1)
  jump b3
b3:
  call f(2)
  jump b1
function label_at_the_end(x: int): void
b0:
  branch x ? b3 : b2
b1:
  return
b2:
  call f(x)
  jump b1
b3:
  jump b1
function maybe(): int weak
b0:
  return 0
function nameless_types(): void
  local one: struct (oddities.c:nameless_types.one) memory
  local kind: unsigned int
b0:
  declare one
  store one = 0
  store one.a = 1
  store kind = SECOND{1}
  t1 = load one.a
  call f((int)((unsigned int)t1 + kind)) tail
  return
function nested_function(x: int): void tainted
b0:
  t1 = call inner(2)
  call f(t1) tail
  return
function next_offset(i: int): unsigned long
b0:
  store i = i + 1
  return ?
function early(): void internal constructor
b0:
  call f(1) tail
  return
function unused(): int internal inline
b0:
  return 1
function row_offset(i: int): unsigned long
b0:
  return ?
function wide(): void
  local all: unsigned long
  local least: long
b0:
  store all = 18446744073709551615
  store least = -9223372036854775808
  call f(all == (unsigned long)least) tail
  return
*/
