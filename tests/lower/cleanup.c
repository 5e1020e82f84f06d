/* What runs when a scope is left: at its end, by return, break, continue and goto. */
#include <pthread.h>
void *get(void);
void give(void *);
int work(void *);
static void give_back(void **p) {
  if (*p)
    give(*p);
}
#define AUTO __attribute__((cleanup(give_back)))

int by_return(int x) {
  AUTO void *p = get();
  if (x)
    return 1;
  return work(p);
}

void in_order(void) {
  AUTO void *first = get();
  AUTO void *second = get();
  work(first);
}

void in_a_loop(int n) {
  for (int i = 0; i < n; i++) {
    AUTO void *p = get();
    if (i == 3)
      continue;
    if (i == 5)
      break;
    work(p);
  }
}

int by_goto(int x) {
  {
    AUTO void *p = get();
    if (work(p))
      goto out;
    work(0);
  }
  x++;
out:
  return x;
}

static void unlock(void *m) {
  pthread_mutex_unlock(m);
}

void with_push(pthread_mutex_t *m) {
  pthread_mutex_lock(m);
  pthread_cleanup_push(unlock, m);
  work(m);
  pthread_cleanup_pop(1);
}

void with_push_only(pthread_mutex_t *m) {
  pthread_cleanup_push(unlock, m);
  work(m);
  pthread_cleanup_pop(0);
}

/* IR
function by_goto(x: int): int
  local p: void * memory cleanup
b0:
  declare p
  t1 = call get()
  store p = t1
  t2 = load p
  t3 = call work(t2)
  branch t3 ? b3 : b2
b1:
  return x
b2:
  t4 = call work(NULL)
  call give_back(&p) cleanup
  end p
  store x = x + 1
  jump b1
b3:
  call give_back(&p) cleanup
  end p
  jump b4
b4:
  jump b1
function by_return(x: int): int
  local p: void * memory cleanup
b0:
  declare p
  t1 = call get()
  store p = t1
  branch x ? b2 : b1
b1:
  t2 = load p
  t3 = call work(t2)
  call give_back(&p) cleanup
  return t3
b2:
  call give_back(&p) cleanup
  return 1
function give_back(p: void **): void internal
b0:
  t1 = load *p
  branch t1 ? b2 : b1
b1:
  return
b2:
  t2 = load *p
  call give(t2)
  jump b1
function unlock(m: void *): void internal
b0:
  t1 = call pthread_mutex_unlock(m) tail
  return
function in_a_loop(n: int): void
  local i: int
  local p: void * memory cleanup
b0:
  store i = 0
  jump b1
b1:
  branch i < n ? b2 : b4
b2:
  declare p
  t1 = call get()
  store p = t1
  branch i == 3 ? b6 : b5
b3:
  store i = i + 1
  jump b1
b4:
  return
b5:
  branch i == 5 ? b9 : b8
b6:
  call give_back(&p) cleanup
  end p
  jump b7
b7:
  jump b3
b8:
  t2 = load p
  t3 = call work(t2)
  call give_back(&p) cleanup
  end p
  jump b3
b9:
  call give_back(&p) cleanup
  end p
  jump b10
b10:
  jump b4
function in_order(): void
  local first: void * memory cleanup
  local second: void * memory cleanup
b0:
  declare first
  t1 = call get()
  store first = t1
  declare second
  t2 = call get()
  store second = t2
  t3 = load first
  t4 = call work(t3)
  call give_back(&second) cleanup
  call give_back(&first) cleanup
  return
function with_push(m: pthread_mutex_t *): void
  local __cancel_buf: __pthread_unwind_buf_t memory
  local __cancel_routine: function *
  local __cancel_arg: void *
  local __not_first_call: int
b0:
  t1 = call pthread_mutex_lock(m)
  jump b1
b1:
  declare __cancel_buf
  store __cancel_routine = unlock
  store __cancel_arg = m
  store __not_first_call = 0
  jump b3
b2:
  return
b3:
  call __pthread_register_cancel(&__cancel_buf)
  jump b5
b4:
  call unlock(__cancel_arg) cleanup
  call __pthread_unwind_next(&__cancel_buf) noreturn
  jump b3
b5:
  t2 = call work(m)
  jump b6
b6:
  call __pthread_unregister_cancel(&__cancel_buf)
  jump b8
b7:
  end __cancel_buf
  jump b2
b8:
  call unlock(__cancel_arg) cleanup
  jump b7
function with_push_only(m: pthread_mutex_t *): void
  local __cancel_buf: __pthread_unwind_buf_t memory
  local __cancel_routine: function *
  local __cancel_arg: void *
  local __not_first_call: int
b0:
  jump b1
b1:
  declare __cancel_buf
  store __cancel_routine = unlock
  store __cancel_arg = m
  store __not_first_call = 0
  jump b3
b2:
  return
b3:
  call __pthread_register_cancel(&__cancel_buf)
  jump b5
b4:
  call unlock(__cancel_arg) cleanup
  call __pthread_unwind_next(&__cancel_buf) noreturn
  jump b3
b5:
  t1 = call work(m)
  jump b6
b6:
  call __pthread_unregister_cancel(&__cancel_buf)
  jump b7
b7:
  end __cancel_buf
  jump b2
b8:
  call unlock(__cancel_arg) cleanup
  jump b7
*/
