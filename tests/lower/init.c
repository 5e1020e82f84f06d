/* Init lists, designators, compound literals, strings, and what globals start as. */
struct point {
  int x, y;
};
struct line {
  struct point from, to;
  const char *name;
  int marks[4];
};
void use(void *);
int value(int);
static void handler(int);

static int counter = 3;
static void (*handlers[])(int) = {handler, 0, &handler};
static const struct line axis = {{0, 0}, .to = {.y = 5}, "axis", .marks = {[2] = 7, 8}};
struct point *where = &((struct point){1, 2});
int *inside = &((int[]){1, 2, 3})[1];
char text[] = "abc";
static int zeroed[100];

void lists(int n) {
  struct line line = {.to.x = n, .name = "n", .marks[1] = value(n)};
  int plain[] = {1, n, value(2)};
  struct point points[2] = {[1] = {.y = n}};
  struct point empty = {};
  use(&line), use(plain), use(points), use(&empty);
}

void ranges(void) {
  int table[6] = {[1 ... 3] = 9, 4};
  use(table);
}

void without_braces(int n) {
  struct line line = {1, 2, n};
  use(&line);
}

void literals(int n) {
  use(&(struct point){n, value(n)});
  use((int[]){n, 2});
  struct point copy = (struct point){.y = 1};
  use(&copy);
}

void strings(void) {
  char buffer[8] = "ab";
  const char *pointer = "cd";
  use(buffer), use((void *)pointer);
}

int keeps(void) {
  static int calls = 1;
  static struct point last = {1, 2};
  last.x = calls++;
  return last.x;
}

void a_union(int n) {
  union either {
    int number;
    float real;
  } one = {n}, two = {.real = 1.5f};
  use(&one), use(&two);
}

void copies(struct line *to, const struct line *from) {
  *to = *from;
  struct point end = from->to;
  to->from = end;
}

/* IR
function a_union(n: int): void
  local one: union either memory
  local two: union either memory
b0:
  declare one
  store one = 0
  store one.number = n
  declare two
  store two = 0
  store two.real = 1.5
  call use(&one)
  call use(&two) tail
  return
function copies(to: struct line *, from: struct line *): void
  local end: struct point memory
b0:
  t1 = load *from
  store *to = t1
  declare end
  t2 = load from->to
  store end = t2
  t3 = load end
  store to->from = t3
  return
function axis(): void internal initialiser
b0:
  store axis = 0
  store axis.from.x = 0
  store axis.from.y = 0
  store axis.to.y = 5
  store axis.name = "axis"
  store axis.marks[2] = 7
  store axis.marks[3] = 8
  return
function counter(): void internal initialiser
b0:
  store counter = 3
  return
function handlers(): void internal initialiser
b0:
  store handlers = 0
  store handlers[0] = handler
  store handlers[1] = NULL
  store handlers[2] = handler
  return
function calls(): void internal initialiser
b0:
  store calls = 1
  return
function last(): void internal initialiser
b0:
  store last = 0
  store last.x = 1
  store last.y = 2
  return
function inside(): void initialiser
b0:
  store (literal) = 0
  store (literal)[0] = 1
  store (literal)[1] = 2
  store (literal)[2] = 3
  store inside = &(literal)[1]
  return
function text(): void initialiser
b0:
  store text = "abc"
  return
function where(): void initialiser
b0:
  store (literal) = 0
  store (literal).x = 1
  store (literal).y = 2
  store where = &(literal)
  return
function keeps(): int
b0:
  t1 = load calls
  store calls = t1 + 1
  store last.x = t1
  t2 = load last.x
  return t2
function lists(n: int): void
  local line: struct line memory
  local plain: int[3] memory
  local points: struct point[2] memory
  local empty: struct point memory
b0:
  declare line
  store line = 0
  store line.to.x = n
  store line.name = "n"
  t1 = call value(n)
  store line.marks[1] = t1
  declare plain
  store plain = 0
  store plain[0] = 1
  store plain[1] = n
  t2 = call value(2)
  store plain[2] = t2
  declare points
  store points = 0
  store points[1].y = n
  declare empty
  store empty = 0
  call use(&line)
  call use(&plain[0])
  call use(&points[0])
  call use(&empty) tail
  return
function literals(n: int): void
  local %1: struct point memory hidden
  local %2: int[2] memory hidden
  local copy: struct point memory
  local %4: struct point memory hidden
b0:
  declare %1
  store %1 = 0
  store %1.x = n
  t1 = call value(n)
  store %1.y = t1
  call use(&%1)
  declare %2
  store %2 = 0
  store %2[0] = n
  store %2[1] = 2
  call use(&%2[0])
  declare copy
  declare %4
  store %4 = 0
  store %4.y = 1
  t2 = load %4
  store copy = t2
  call use(&copy) tail
  return
function ranges(): void
  local table: int[6] memory
b0:
  declare table
  store table = 0
  store table[1] = 9
  store table[2] = 9
  store table[3] = 9
  store table[4] = 4
  call use(&table[0]) tail
  return
function strings(): void
  local buffer: char[8] memory
  local pointer: char *
b0:
  declare buffer
  store buffer = "ab"
  store pointer = "cd"
  call use(&buffer[0])
  call use(pointer) tail
  return
function without_braces(n: int): void
  local line: struct line memory
b0:
  declare line
  store line = 0
  store line.from.x = 1
  store line.from.y = 2
  store line.to.x = n
  call use(&line) tail
  return
*/
