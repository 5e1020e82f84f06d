// Frames for tests/frames_suite.py: every compiler and level has to be inside the interval. What
// stands after a function says how good the interval has to be at least:
//   frame: LOW HIGH   no lower low end than LOW, no higher high end than HIGH; "grows" if it does
#include <alloca.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct record {
  long at[50];
};
void use(void *);
struct record make(int);
long sum(struct record, int, int, int, int, int, int, int, int);

int nothing(int a, int b) { return a * b; } // frame: 8 48

// One buffer that a callee sees has to be there.
int one_buffer(int n) { // frame: 300 400
  char buffer[300];
  use(buffer);
  return buffer[n];
}

// Nobody needs its address: an optimiser keeps the parts in registers, or nowhere.
int scattered(int n) { // frame: 8 450
  struct record parts = {{0}};
  parts.at[0] = n;
  parts.at[1] = n + 1;
  return (int)(parts.at[0] * parts.at[1]);
} // its high end holds all of it

// Of two that never live at the same time only one has to be there.
void one_or_other(int n) { // frame: 1000 2200
  if (n) {
    char first[1000];
    use(first);
  } else {
    char second[1000];
    use(second);
  }
}

// Both live here.
void nested(void) { // frame: 1500 1650
  char outer[1000];
  use(outer);
  {
    char inner[500];
    use(inner);
  }
  use(outer);
}

// `late` is first used when `early` is dead.
void one_after_the_other(void) { // frame: 2000 4200
  char late[2000];
  {
    char early[2000];
    use(early);
  }
  use(late);
}

// What a callee returns in memory, and what is given to one in memory.
long records(int n) { // frame: 400 1400
  struct record got = make(n);
  return got.at[n] + sum(got, 1, 2, 3, 4, 5, 6, 7, 8);
}

int variadic(const char *format, ...) { // frame: 130 400
  char line[128];
  va_list list;
  va_start(list, format);
  vsnprintf(line, sizeof line, format, list);
  va_end(list);
  use(line);
  return line[0];
}

// Put into its only caller, which then has its buffer.
static __attribute__((noinline)) int stays(int n) { // frame: 256 350
  char own[256];
  use(own);
  return own[n];
}
static int moves(int n) { // frame: 4000 4150
  char big[4000];
  use(big);
  return big[n];
}
int caller(int n) { // frame: 1000 5200
  char own[1000];
  memset(own, n, sizeof own);
  use(own);
  return moves(n) + stays(n);
}

void array_of_length(int n) { // frame: 8 100 grows
  char array[n];
  use(array);
}
void allocated(unsigned n) { // frame: 8 100 grows
  use(alloca(n));
}

// A table is no part of the frame.
int table(int n) { // frame: 8 48
  static const int values[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  return values[n];
}

// A local array with an element that only the program knows stays.
int chosen(int n, int k) { // frame: 130 330
  unsigned char steps[256];
  for (int i = 0; i < 256; i++)
    steps[i] = (unsigned char)(i * n);
  return steps[k & 255];
}

// Of parameters beyond the registers only the caller has a copy.
long many(long a, long b, long c, long d, long e, long f, long g, long h) { // frame: 8 160
  return a + b + c + d + e + f + g + h;
}
long gives_many(long a) { // frame: 8 180
  return many(a, 1, 2, 3, 4, 5, 6, 7) + many(a, a, a, a, a, a, a, a);
}
