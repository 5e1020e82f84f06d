/* Ranges, fallthrough, default in the middle, Duff's device, switches in loops. */
void one(void);
void two(void);
void other(void);

void plain(int x) {
  switch (x) {
  case 1:
    one();
    break;
  case 2:
    two();
    break;
  default:
    other();
  }
}

void falls_through(int x) {
  switch (x) {
  case 1:
    one();
  case 2:
    two();
  }
}

void ranges(int x) {
  switch (x) {
  case 1 ... 5:
    one();
    break;
  case -3:
  case 7:
  case 9 ... 9:
    two();
  }
}

void default_in_the_middle(unsigned char x) {
  switch (x) {
  case 'a':
    one();
  default:
    other();
  case 'b':
    two();
  }
}

void duff(char *to, const char *from, int count) {
  int n = (count + 3) / 4;
  switch (count % 4) {
  case 0:
    do {
      *to = *from++;
  case 3:
      *to = *from++;
  case 2:
      *to = *from++;
  case 1:
      *to = *from++;
    } while (--n > 0);
  }
}

void in_a_loop(int x) {
  for (;;) {
    switch (x) {
    case 0:
      continue;
    case 1:
      one();
      break;
    default:
      return;
    }
    two();
  }
}

enum color { RED, GREEN = 5 };
void with_enum(enum color c) {
  switch (c) {
  case RED:
    one();
    break;
  case GREEN:
    two();
  }
}

void nested(int x, int y) {
  switch (x) {
  case 1:
    switch (y) {
    case 1:
      one();
    }
  case 2:
    two();
  }
}

void without_cases(int x) {
  switch (x) {
    one();
  }
  two();
}

void value_with_effect(int (*get)(void)) {
  switch (get()) {
  case 1:
    one();
  }
}

/* IR
function default_in_the_middle(x: unsigned char): void
b0:
  switch (int)x { 97: b2, 98: b4, default: b3 }
b1:
  return
b2:
  call one()
  jump b3
b3:
  call other()
  jump b4
b4:
  call two()
  jump b1
function duff(to: char *, from: char *, count: int): void
  local n: int
b0:
  store n = (count + 3) / 4
  switch count % 4 { 0: b2, 3: b4, 2: b5, 1: b6, default: b1 }
b1:
  return
b2:
  t1 = copy from
  store from = t1 + 1
  t2 = load *t1
  store *to = t2
  jump b4
b3:
  store n = n - 1
  branch 0 < n ? b2 : b1
b4:
  t3 = copy from
  store from = t3 + 1
  t4 = load *t3
  store *to = t4
  jump b5
b5:
  t5 = copy from
  store from = t5 + 1
  t6 = load *t5
  store *to = t6
  jump b6
b6:
  t7 = copy from
  store from = t7 + 1
  t8 = load *t7
  store *to = t8
  jump b3
function falls_through(x: int): void
b0:
  switch x { 1: b2, 2: b3, default: b1 }
b1:
  return
b2:
  call one()
  jump b3
b3:
  call two()
  jump b1
function in_a_loop(x: int): void
b0:
  jump b1
b1:
  switch x { 0: b3, 1: b4, default: b6 }
b2:
  call two()
  jump b1
b3:
  jump b1
b4:
  call one()
  jump b5
b5:
  jump b2
b6:
  return
function nested(x: int, y: int): void
b0:
  switch x { 1: b2, 2: b4, default: b1 }
b1:
  return
b2:
  switch y { 1: b3, default: b4 }
b3:
  call one()
  jump b4
b4:
  call two()
  jump b1
function plain(x: int): void
b0:
  switch x { 1: b2, 2: b4, default: b6 }
b1:
  return
b2:
  call one()
  jump b3
b3:
  jump b1
b4:
  call two()
  jump b5
b5:
  jump b1
b6:
  call other()
  jump b1
function ranges(x: int): void
b0:
  switch x { 1..5: b2, -3: b4, 7: b4, 9: b4, default: b1 }
b1:
  return
b2:
  call one()
  jump b3
b3:
  jump b1
b4:
  call two()
  jump b1
function value_with_effect(get: function *): void
b0:
  t1 = call *get()
  switch t1 { 1: b2, default: b1 }
b1:
  return
b2:
  call one()
  jump b1
function with_enum(c: unsigned int): void
b0:
  switch c { 0: b2, 5: b4, default: b1 }
b1:
  return
b2:
  call one()
  jump b3
b3:
  jump b1
b4:
  call two()
  jump b1
function without_cases(x: int): void
b0:
  switch x { default: b1 }
b1:
  call two() tail
  return
b2:
  call one()
  jump b1
*/
