/* The spelling of C23, which gcc 12 does not know; callers after it; inferred ones are not here. */
[[noreturn]] void die(void);
void go_on(void);

void ends(int x) {
  if (x)
    die();
  go_on();
}

[[noreturn]] void own(void) {
  for (;;)
    go_on();
}

/* IR
function ends(x: int): void
b0:
  branch x ? b2 : b1
b1:
  call go_on() tail
  return
b2:
  call die() noreturn
  jump b1
function own(): void noreturn
b0:
  jump b1
b1:
  call go_on()
  jump b1
*/
