/* Bit-fields, atomics, variable arrays, and what libclang hides. */
// flags: -std=gnu11
#include <stdatomic.h>
struct flags {
  unsigned ready : 1, mode : 3;
  int rest;
};
void use(void *);
int count(void);

int bits(struct flags *f) {
  f->ready = 1;
  f->mode |= 2;
  if (!f->ready)
    return f->mode;
  return f->ready++;
}

int by_library(atomic_int *p, _Atomic int *q) {
  atomic_store(p, 1);
  atomic_fetch_add_explicit(p, 2, memory_order_relaxed);
  *q = 3;
  *q += 1;
  int expected = 0;
  while (!atomic_compare_exchange_weak(p, &expected, 5))
    ;
  return atomic_load(p) + *q;
}

int by_builtin(int *p) {
  __sync_fetch_and_add(p, 1);
  __atomic_store_n(p, 2, __ATOMIC_RELEASE);
  int old;
  __atomic_load(p, &old, __ATOMIC_ACQUIRE);
  return __atomic_exchange_n(p, old, __ATOMIC_SEQ_CST);
}

void variable_array(int n) {
  int buffer[n + count()];
  char rows[n][4];
  buffer[0] = sizeof buffer;
  use(buffer), use(rows);
}

int generic(int x) {
  return _Generic(x, int: count(), default: 0);
}

int chosen(int x) {
  return __builtin_choose_expr(1, x, count());
}

int compatible(int x) {
  return __builtin_types_compatible_p(int, long) + x;
}

unsigned long not_evaluated(int x) {
  typeof(x++) y = 2;
  return sizeof(x++) + _Alignof(int) + sizeof y + __builtin_offsetof(struct flags, rest);
}

void space(int n) {
  use(__builtin_alloca(n));
}

/* IR
function bits(f: struct flags *): int
b0:
  store f->ready = 1
  t1 = load f->mode
  store f->mode = t1 | 2
  t2 = load f->ready
  branch t2 ? b1 : b2
b1:
  t4 = load f->ready
  store f->ready = t4 + 1
  return (int)t4
b2:
  t3 = load f->mode
  return (int)t3
function by_builtin(p: int *): int
  local old: int memory
b0:
  t1 = call __sync_fetch_and_add(p, 1)
  call __atomic_store_n(p, 2, __ATOMIC_RELEASE{3})
  declare old
  call __atomic_load(p, &old, __ATOMIC_ACQUIRE{2})
  t2 = load old
  t3 = call __atomic_exchange_n(p, t2, __ATOMIC_SEQ_CST{5}) tail
  return t3
function by_library(p: int *, q: int *): int
  local expected: int memory
b0:
  call __c11_atomic_store(p, 1, 5)
  t1 = call __c11_atomic_fetch_add(p, 2, memory_order_relaxed{0})
  store *q = 3
  t2 = load *q
  store *q = t2 + 1
  declare expected
  store expected = 0
  jump b1
b1:
  t3 = call __c11_atomic_compare_exchange_weak(p, &expected, 5, 5, 5)
  branch t3 ? b2 : b1
b2:
  t4 = call __c11_atomic_load(p, 5)
  t5 = load *q
  return t4 + t5
function chosen(x: int): int
b0:
  return x
function compatible(x: int): int
b0:
  return x
function generic(x: int): int
b0:
  t1 = call count() tail
  return t1
function not_evaluated(x: int): unsigned long
  local y: int
b0:
  store y = 2
  return 16
function space(n: int): void
b0:
  t1 = call __builtin_alloca((unsigned long)n)
  call use(t1) tail
  return
function variable_array(n: int): void
  local buffer: int[] memory vla
  local rows: char[4][] memory vla
b0:
  t1 = call count()
  declare buffer size n + t1
  t2 = copy (unsigned long)(n + t1) * 4
  declare rows size 4, n
  t3 = copy (unsigned long)n * 4
  store buffer[0] = (int)t2
  call use(&buffer[0])
  call use(&rows[0]) tail
  return
*/
