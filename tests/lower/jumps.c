/* goto forward, backward and out of loops; computed goto; asm goto; returns. */
void work(void);
int bad(int);

int out(int n) {
  if (bad(n))
    goto fail;
  work();
  return 0;
fail:
  work();
  return -1;
}

void back(int n) {
again:
  if (bad(n))
    goto again;
}

int from_loops(int n) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      if (bad(j))
        goto done;
  return 1;
done:
  return 0;
}

void into_a_loop(int n) {
  goto inside;
  while (n > 0) {
    work();
inside:
    n--;
  }
}

int computed(int x) {
  static void *const where[] = {&&first, &&second};
  goto *where[x];
first:
  work();
second:
  return x;
unused:
  work();
  return 0;
}

int assembler(int x) {
  asm goto("jmp %l[far]" : : "r"(x) : : far);
  work();
  return 0;
far:
  return 1;
}

int plain_assembler(int x) {
  int y;
  asm volatile("mov %1, %0" : "=r"(y) : "r"(x));
  return y;
}

int main(void) {
  work();
}

int falls_off(int x) {
  if (x)
    return 1;
}

void dead_code(void) {
  return;
  work();
}

void unreachable(int x) {
  if (x)
    __builtin_unreachable();
  work();
}

/* IR
function assembler(x: int): int
b0:
  asm(x)
  goto * { b1, b2 }
b1:
  return 1
b2:
  call work()
  return 0
function back(n: int): void
b0:
  jump b1
b1:
  t1 = call bad(n)
  branch t1 ? b3 : b2
b2:
  return
b3:
  jump b1
function computed(x: int): int computed-goto
b0:
  t1 = load where[x]
  goto *t1 { b1, b2 }
b1:
  call work()
  jump b2
b2:
  return x
b3:
  call work()
  return 0
function dead_code(): void
b0:
  return
b1:
  call work() tail
  return
function falls_off(x: int): int
b0:
  branch x ? b2 : b1
b1:
  return
b2:
  return 1
function from_loops(n: int): int
  local i: int
  local j: int
b0:
  store i = 0
  jump b2
b1:
  return 0
b2:
  branch i < n ? b3 : b5
b3:
  store j = 0
  jump b6
b4:
  store i = i + 1
  jump b2
b5:
  return 1
b6:
  branch j < n ? b7 : b4
b7:
  t1 = call bad(j)
  branch t1 ? b9 : b8
b8:
  store j = j + 1
  jump b6
b9:
  jump b1
function where(): void internal initialiser
b0:
  store where = 0
  store where[0] = ?
  store where[1] = ?
  return
function into_a_loop(n: int): void
b0:
  jump b2
b1:
  store n = n - 1
  jump b3
b2:
  jump b1
b3:
  branch 0 < n ? b4 : b5
b4:
  call work()
  jump b1
b5:
  return
function main(): int
b0:
  call work()
  return 0
function out(n: int): int
b0:
  t1 = call bad(n)
  branch t1 ? b3 : b2
b1:
  call work()
  return -1
b2:
  call work()
  return 0
b3:
  jump b1
function plain_assembler(x: int): int
  local y: int memory
b0:
  declare y
  asm(&y, x)
  t1 = load y
  return t1
function unreachable(x: int): void
b0:
  branch x ? b2 : b1
b1:
  call work() tail
  return
b2:
  unreachable
*/
