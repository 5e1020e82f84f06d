/* with locations: the outermost macro's name and place, the innermost line. */
// with locations
void lock(int *);
void unlock(int *);
int busy(int);
#define INNER(m) lock(m)
#define OUTER(m) \
  do {           \
    INNER(m);    \
  } while (0)
#define LIMIT 12
#define EBUSY 16
#define CALL(name) name##_it
void do_it(void);

void nested(int *m) {
  OUTER(m);
  unlock(m);
}

int constants(int x) {
  if (busy(x) == EBUSY)
    return LIMIT;
  return -LIMIT + LIMIT * 2;
}

void pasted(void) {
  CALL(do)();
}

void arguments(int *m,
               int *n) {
  OUTER(
      n);
  lock(
      m
  );
}

#line 100 "other.y"
void renumbered(int *m) {
  lock(m);
}

/* IR
function arguments(m: int *, n: int *): void
b0:
  jump b1                                               ; 31:0
b1:
  call lock(n)                                          ; 33:3 OUTER (macros.c:6)
  jump b2                                               ; 33:3 OUTER (macros.c:8)
b2:
  call lock(m) tail                                     ; 35:3
  return                                                ; 38:1
function constants(x: int): int
b0:
  t1 = call busy(x)                                     ; 22:7
  branch t1 == EBUSY{16} ? b2 : b1                      ; 22:7
b1:
  return 12                                             ; 24:3
b2:
  return LIMIT{12}                                      ; 23:5
function nested(m: int *): void
b0:
  jump b1                                               ; 16:0
b1:
  call lock(m)                                          ; 17:3 OUTER (macros.c:6)
  jump b2                                               ; 17:3 OUTER (macros.c:8)
b2:
  call unlock(m) tail                                   ; 18:3
  return                                                ; 19:1
function pasted(): void
b0:
  call do_it() tail                                     ; 28:3 CALL
  return                                                ; 29:1
function renumbered(m: int *): void
b0:
  call lock(m) tail                                     ; 42:3
  return                                                ; 43:1
*/
