/* Short circuits, ?:, a ?: b, comma, and what is known at compile time. */
int a(void);
int b(void);
void f(int);
#define unlikely(x) __builtin_expect(!!(x), 0)

void both(void) {
  if (a() && b())
    f(1);
}

void either(void) {
  if (a() || !b())
    f(1);
  else
    f(2);
}

int as_value(int x) {
  return a() && (x || b());
}

int choice(int x) {
  return x ? a() : b();
}

void choice_as_condition(int x) {
  if (x ? a() : b())
    f(1);
}

int elvis(int x) {
  return a() ?: x;
}

int comma(int x) {
  return f(x), x + 1;
}

void hint(int x) {
  if (unlikely(x == 3))
    f(1);
}

void known(void) {
  if (sizeof(int) == 4)
    f(1);
  else
    f(2);
  if (0 && a())
    f(3);
}

void comparisons(int x, int y, unsigned u, double d) {
  f(x > y);
  f(x >= y);
  f(x <= y);
  f(!(x < y));
  f(u >= 1);
  f(d > 1.5);
  f(!x == y);
  f(u < 0);
}

void assigned(int *p) {
  int x;
  if ((x = a()) != 0 && (*p = x))
    f(x);
}

void pointers(char *p, char *q) {
  if (p && !q)
    f(1);
  if (p == (void *)0 || p != q)
    f(2);
}

void minus_one(int *p, int n) {
  if (-!(n <= *p || a()))
    f(1);
}

int loop_with_choice(int n) {
  for (int i = 0; i < n ? (f(i), 1) : 0; i++)
    f(2);
  return 1;
}

void choice_of_structs(int x) {
  struct pair { int left, right; } one = {1, 2}, two = {3, 4}, got;
  got = x ? one : two;
  f(got.right);
}

void never_null(void) {
  char buffer[4];
  if (!"text")
    f(1);
  if (buffer)
    f(2);
}

/* IR
function as_value(x: int): int
  local %1: int hidden
b0:
  t1 = call a()
  branch t1 ? b4 : b2
b1:
  store %1 = 1
  jump b3
b2:
  store %1 = 0
  jump b3
b3:
  return %1
b4:
  branch x ? b1 : b5
b5:
  t2 = call b()
  branch t2 ? b1 : b2
function assigned(p: int *): void
  local x: int
b0:
  declare x
  t1 = call a()
  store x = t1
  branch x != 0 ? b3 : b1
b1:
  return
b2:
  call f(x)
  jump b1
b3:
  store *p = x
  branch x ? b2 : b1
function both(): void
b0:
  t1 = call a()
  branch t1 ? b3 : b1
b1:
  return
b2:
  call f(1)
  jump b1
b3:
  t2 = call b()
  branch t2 ? b2 : b1
function choice(x: int): int
  local %1: int hidden
b0:
  branch x ? b1 : b2
b1:
  t1 = call a()
  store %1 = t1
  jump b3
b2:
  t2 = call b()
  store %1 = t2
  jump b3
b3:
  return %1
function choice_as_condition(x: int): void
b0:
  branch x ? b3 : b4
b1:
  return
b2:
  call f(1)
  jump b1
b3:
  t1 = call a()
  branch t1 ? b2 : b1
b4:
  t2 = call b()
  branch t2 ? b2 : b1
function choice_of_structs(x: int): void
  local one: struct pair memory
  local two: struct pair memory
  local got: struct pair memory
  local %4: struct pair memory hidden
b0:
  declare one
  store one = 0
  store one.left = 1
  store one.right = 2
  declare two
  store two = 0
  store two.left = 3
  store two.right = 4
  declare got
  branch x ? b1 : b2
b1:
  t1 = load one
  store %4 = t1
  jump b3
b2:
  t2 = load two
  store %4 = t2
  jump b3
b3:
  t3 = load %4
  store got = t3
  t4 = load got.right
  call f(t4) tail
  return
function comma(x: int): int
b0:
  call f(x)
  return x + 1
function comparisons(x: int, y: int, u: unsigned int, d: double): void
b0:
  call f(y < x)
  call f(!(x < y))
  call f(!(y < x))
  call f(!(x < y))
  call f(!(u < 1))
  call f(d > 1.5)
  call f(!x == y)
  call f(0) tail
  return
function either(): void
b0:
  t1 = call a()
  branch t1 ? b2 : b4
b1:
  return
b2:
  call f(1)
  jump b1
b3:
  call f(2)
  jump b1
b4:
  t2 = call b()
  branch t2 ? b3 : b2
function elvis(x: int): int
  local %1: int hidden
b0:
  t1 = call a()
  branch t1 ? b1 : b2
b1:
  store %1 = t1
  jump b3
b2:
  store %1 = x
  jump b3
b3:
  return %1
function hint(x: int): void
b0:
  branch x == 3 ? b2 : b1
b1:
  return
b2:
  call f(1)
  jump b1
function known(): void
b0:
  jump b1
b1:
  call f(1)
  jump b3
b2:
  call f(2)
  jump b3
b3:
  return
b4:
  call f(3)
  jump b3
b5:
  t1 = call a()
  branch t1 ? b4 : b3
function loop_with_choice(n: int): int
  local i: int
b0:
  store i = 0
  jump b1
b1:
  branch i < n ? b5 : b4
b2:
  call f(2)
  jump b3
b3:
  store i = i + 1
  jump b1
b4:
  return 1
b5:
  call f(i)
  jump b2
function minus_one(p: int *, n: int): void
b0:
  t1 = load *p
  branch !(t1 < n) ? b1 : b3
b1:
  return
b2:
  call f(1)
  jump b1
b3:
  t2 = call a()
  branch t2 ? b1 : b2
function never_null(): void
  local buffer: char[4] memory
b0:
  declare buffer
  jump b3
b1:
  call f(1)
  jump b3
b2:
  return
b3:
  call f(2)
  jump b2
function pointers(p: char *, q: char *): void
b0:
  branch p ? b3 : b1
b1:
  branch p == NULL ? b5 : b6
b2:
  call f(1)
  jump b1
b3:
  branch q ? b1 : b2
b4:
  return
b5:
  call f(2)
  jump b4
b6:
  branch p != q ? b5 : b4
*/
