/* Direct and indirect calls, all spellings of noreturn, K&R, variadic, what returns a struct. */
typedef struct {
  int (*get)(int);
  struct {
    void (*put)(void *, int);
  } sub;
} Ops;
typedef void Handler(int);
struct big {
  int values[40];
};

int known(int);
struct big make(void);
void take(struct big);
int many(const char *, ...);
_Noreturn void die_1(void);
void die_2(void) __attribute__((noreturn));
__attribute__((__noreturn__)) void die_3(void);
void takes_noreturn(void (*f)(void) __attribute__((noreturn)));

int direct(int x) {
  return known(known(x));
}

int parenthesised(int x) {
  return (known)(x) + (*known)(x) + (&known)(x);
}

int through_fields(Ops *ops, Ops *table[], int x) {
  ops->sub.put(ops, x);
  return ops->get(x) + (*ops->get)(x) + table[x]->get(1);
}

void through_a_variable(Handler *handler, int (*const *several)(int)) {
  Handler *copy = handler;
  copy(1);
  (**several)(2);
  known(3);
}

int old_style(a, b)
int a;
char b;
{
  return a + b;
}

void structs(struct big *p) {
  take(*p);
  take(make());
  *p = make();
}

int first_of_made(void) {
  return make().values[3];
}

int variadic(int n, ...) {
  __builtin_va_list list;
  __builtin_va_start(list, n);
  int x = __builtin_va_arg(list, int);
  __builtin_va_end(list);
  return x + many("%d", n, x);
}

void ends(int x) {
  if (x == 1)
    die_1();
  if (x == 2)
    die_2();
  if (x == 3)
    die_3();
  takes_noreturn(die_2);
  __builtin_trap();
}

void ends_through(void (*quit)(void) __attribute__((noreturn))) {
  quit();
}

void (*chosen(int x))(int) {
  return x ? (void (*)(int))0 : (Handler *)known;
}

void not_declared(void) {
  surprise(1);
}

/* IR
function chosen(x: int): function *
  local %1: function * hidden
b0:
  branch x ? b1 : b2
b1:
  store %1 = NULL
  jump b3
b2:
  store %1 = known
  jump b3
b3:
  return %1
function direct(x: int): int
b0:
  t1 = call known(x)
  t2 = call known(t1) tail
  return t2
function ends(x: int): void
b0:
  branch x == 1 ? b2 : b1
b1:
  branch x == 2 ? b4 : b3
b2:
  call die_1() noreturn
  jump b1
b3:
  branch x == 3 ? b6 : b5
b4:
  call die_2() noreturn
  jump b3
b5:
  call takes_noreturn(die_2)
  call __builtin_trap() noreturn tail
  return
b6:
  call die_3() noreturn
  jump b5
function ends_through(quit: function *): void
b0:
  call *quit() noreturn tail
  return
function first_of_made(): int
  local %0: struct big memory hidden
b0:
  t1 = call make()
  store %0 = t1
  t2 = load %0.values[3]
  return t2
function not_declared(): void
b0:
  t1 = call surprise(1) tail
  return
function old_style(a: int, b: char): int
b0:
  return a + (int)b
function parenthesised(x: int): int
b0:
  t1 = call known(x)
  t2 = call known(x)
  t3 = call known(x)
  return t1 + t2 + t3
function structs(p: struct big *): void
b0:
  t1 = load *p
  call take(t1)
  t2 = call make()
  call take(t2)
  t3 = call make()
  store *p = t3
  return
function through_a_variable(handler: function *, several: function **): void
  local copy: function *
b0:
  store copy = handler
  call *copy(1)
  t1 = load *several
  t2 = call *t1(2)
  t3 = call known(3) tail
  return
function through_fields(ops: Ops *, table: Ops **, x: int): int
b0:
  t1 = load ops->sub.put
  call *t1(ops, x)
  t2 = load ops->get
  t3 = call *t2(x)
  t4 = load ops->get
  t5 = call *t4(x)
  t6 = load table[x]
  t7 = load t6->get
  t8 = call *t7(1)
  return t3 + t5 + t8
function variadic(n: int): int variadic
  local list: struct __va_list_tag[1] memory
  local x: int
b0:
  declare list
  call __builtin_va_start(&list[0], n)
  t1 = call __builtin_va_arg(&list[0])
  store x = t1
  call __builtin_va_end(&list[0])
  t2 = call many("%d", n, x)
  return x + t2
*/
