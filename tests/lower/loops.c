/* for with every part missing in turn, while, do, break and continue. */
void step(int);
int more(void);

void for_all(int n) {
  for (int i = 0; i < n; i++)
    step(i);
}

void for_without_start(int n) {
  for (; n > 0; n--)
    step(n);
}

void for_without_condition(int n) {
  for (int i = 0;; i++) {
    if (i == n)
      break;
    step(i);
  }
}

void for_without_step(void) {
  for (int i = 0; i < 9;)
    i += more();
}

void for_only_start(int n) {
  for (step(n);;)
    if (more())
      return;
}

void for_only_condition(void) {
  for (; more();)
    step(1);
}

void for_only_step(int i) {
  for (;; step(i))
    if (more())
      break;
}

void for_ever(void) {
  for (;;)
    step(0);
}

void while_with_continue(int n) {
  while (more()) {
    if (n == 3)
      continue;
    step(n);
  }
}

void do_once(void) {
  do {
    step(1);
  } while (0);
}

void do_with_continue(int n) {
  do {
    if (n)
      continue;
    step(n);
  } while (more());
}

void nested(int n) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < i; j++) {
      if (j == 7)
        break;
      step(j);
    }
}

/* IR
function do_once(): void
b0:
  jump b1
b1:
  call step(1)
  jump b2
b2:
  return
function do_with_continue(n: int): void
b0:
  jump b1
b1:
  branch n ? b5 : b4
b2:
  t1 = call more()
  branch t1 ? b1 : b3
b3:
  return
b4:
  call step(n)
  jump b2
b5:
  jump b2
function for_all(n: int): void
  local i: int
b0:
  store i = 0
  jump b1
b1:
  branch i < n ? b2 : b4
b2:
  call step(i)
  jump b3
b3:
  store i = i + 1
  jump b1
b4:
  return
function for_ever(): void
b0:
  jump b1
b1:
  call step(0)
  jump b1
function for_only_condition(): void
b0:
  jump b1
b1:
  t1 = call more()
  branch t1 ? b2 : b3
b2:
  call step(1)
  jump b1
b3:
  return
function for_only_start(n: int): void
b0:
  call step(n)
  jump b1
b1:
  t1 = call more()
  branch t1 ? b2 : b1
b2:
  return
function for_only_step(i: int): void
b0:
  jump b1
b1:
  t1 = call more()
  branch t1 ? b4 : b2
b2:
  call step(i)
  jump b1
b3:
  return
b4:
  jump b3
function for_without_condition(n: int): void
  local i: int
b0:
  store i = 0
  jump b1
b1:
  branch i == n ? b5 : b4
b2:
  store i = i + 1
  jump b1
b3:
  return
b4:
  call step(i)
  jump b2
b5:
  jump b3
function for_without_start(n: int): void
b0:
  jump b1
b1:
  branch 0 < n ? b2 : b4
b2:
  call step(n)
  jump b3
b3:
  store n = n - 1
  jump b1
b4:
  return
function for_without_step(): void
  local i: int
b0:
  store i = 0
  jump b1
b1:
  branch i < 9 ? b2 : b3
b2:
  t1 = call more()
  store i = i + t1
  jump b1
b3:
  return
function nested(n: int): void
  local i: int
  local j: int
b0:
  store i = 0
  jump b1
b1:
  branch i < n ? b2 : b4
b2:
  store j = 0
  jump b5
b3:
  store i = i + 1
  jump b1
b4:
  return
b5:
  branch j < i ? b6 : b3
b6:
  branch j == 7 ? b9 : b8
b7:
  store j = j + 1
  jump b5
b8:
  call step(j)
  jump b7
b9:
  jump b3
function while_with_continue(n: int): void
b0:
  jump b1
b1:
  t1 = call more()
  branch t1 ? b2 : b3
b2:
  branch n == 3 ? b5 : b4
b3:
  return
b4:
  call step(n)
  jump b1
b5:
  jump b1
*/
