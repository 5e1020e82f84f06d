/* Statement expressions, and locals that shadow. */
int get(void);
void put(int);
#define MAX(a, b) ({ int a_ = (a), b_ = (b); a_ > b_ ? a_ : b_; })

int with_macro(int x) {
  return MAX(x, get());
}

void for_effect(void) {
  ({ put(1); put(2); });
}

int with_jump(int x) {
  for (;;) {
    int y = ({
      if (x == 3)
        break;
      get();
    });
    put(y);
  }
  return x;
}

int shadows(int x) {
  {
    int x = get();
    put(x);
    {
      long x = 2;
      put(x);
    }
  }
  return x;
}

int in_condition(void) {
  if (({ int y = get(); y > 1; }))
    return 1;
  return 0;
}

int scope_in_expression(void) {
  return ({ int a[2] = {get(), 2}; a[1]; });
}

/* IR
function for_effect(): void
b0:
  call put(1)
  call put(2) tail
  return
function in_condition(): int
  local y: int
b0:
  t1 = call get()
  store y = t1
  t2 = copy 1 < y
  branch t2 ? b2 : b1
b1:
  return 0
b2:
  return 1
function scope_in_expression(): int
  local a: int[2] memory
b0:
  declare a
  store a = 0
  t1 = call get()
  store a[0] = t1
  store a[1] = 2
  t2 = load a[1]
  end a
  return t2
function shadows(x: int): int
  local x.2: int
  local x.3: long
b0:
  t1 = call get()
  store x.2 = t1
  call put(x.2)
  store x.3 = 2
  call put((int)x.3)
  return x
function with_jump(x: int): int
  local y: int
b0:
  jump b1
b1:
  branch x == 3 ? b4 : b3
b2:
  return x
b3:
  t1 = call get()
  store y = t1
  call put(y)
  jump b1
b4:
  jump b2
function with_macro(x: int): int
  local a_: int
  local b_: int
  local %3: int hidden
b0:
  store a_ = x
  t1 = call get()
  store b_ = t1
  branch b_ < a_ ? b1 : b2
b1:
  store %3 = a_
  jump b3
b2:
  store %3 = b_
  jump b3
b3:
  t2 = copy %3
  return t2
*/
