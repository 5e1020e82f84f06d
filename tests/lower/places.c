/* Canonical places: equal places have equal nodes. */
#define container_of(p, type, member) ((type *)((char *)(p) - __builtin_offsetof(type, member)))
struct node {
  long key;
  struct node *next;
  union {
    int number;
    struct {
      short low, high;
    };
  };
  int array[4];
  int rows[2][3];
};
struct item {
  int tag;
  struct node link;
};
extern struct node *head;
extern int table[10];
_Thread_local int own;
void use(void *);

void same_field(struct node *p) {
  p->key = 1;
  (*p).key = 2;
  (&*p)->key = 3;
  p[0].key = 4;
  (*&p)->key = 5;
}

int elements(struct node *p, int *q, int i) {
  q[i] = 1;
  i[q] = 2;
  *(q + i) = 3;
  *(i + q) = 4;
  *(q - 1) = 5;
  *q = 6;
  p->array[i] = 7;
  *(p->array + 2) = 8;
  p->rows[1][i] = 9;
  return table[i] + 2 [table] + *table;
}

void steps(char *p, int i) {
  *p++ = 1;
  *++p = 2;
  p += i;
  p -= 2;
  i += 3;
  i--;
  i <<= 1;
}

long difference(int *p, int *q) {
  return p - q;
}

void nameless(struct node *p) {
  p->number = 1;
  p->low = 2;
  p->next->next->high = 3;
}

struct item *owner(struct node *link) {
  return container_of(link, struct item, link);
}

struct item *round_trip(struct item *item) {
  return container_of(&item->link, struct item, link);
}

void addresses(struct node *p) {
  int local = 0;
  use(&local);
  use(&p->key);
  use(&p->array[2]);
  use(p->array);
  use(&p->rows[1]);
  use(&head->next);
  local = own;
  local++;
}

int casts(long x, unsigned char c, void *p) {
  int *q = p;
  c = x;
  return (int)x + (unsigned)(int)x + c + (int)(long)p + *(int *)(char *)q;
}

void volatile_local(void) {
  volatile int seen = 0;
  while (!seen)
    seen = 1;
}

void assignments(int *p, struct node *n) {
  int a, b;
  a = b = *p;
  n->key += a;
  *p = n->key = b;
}

unsigned bitwise(unsigned x, int n) {
  return (~x & 0xff) | x >> n ^ 1u << 3;
}

/* IR
function addresses(p: struct node *): void
  local local: int memory
b0:
  declare local
  store local = 0
  call use(&local)
  call use(&p->key)
  call use(&p->array[2])
  call use(&p->array[0])
  call use(&p->rows[1])
  t1 = load head
  call use(&t1->next)
  t2 = load own
  store local = t2
  t3 = load local
  store local = t3 + 1
  return
function assignments(p: int *, n: struct node *): void
  local a: int
  local b: int
b0:
  declare a
  declare b
  t1 = load *p
  store b = t1
  store a = b
  t2 = load n->key
  store n->key = t2 + (long)a
  store n->key = (long)b
  store *p = b
  return
function bitwise(x: unsigned int, n: int): unsigned int
b0:
  return (~x & 255) | ((x >> n) ^ 8)
function casts(x: long, c: unsigned char, p: void *): int
  local q: int *
b0:
  store q = p
  store c = (unsigned char)x
  t1 = load *q
  return (int)((unsigned int)(int)x + (unsigned int)(int)x + (unsigned int)c + (unsigned int)(int)(long)p + (unsigned int)t1)
function difference(p: int *, q: int *): long
b0:
  return p - q
function elements(p: struct node *, q: int *, i: int): int
b0:
  store q[i] = 1
  store q[i] = 2
  store q[i] = 3
  store q[i] = 4
  store q[-1] = 5
  store *q = 6
  store p->array[i] = 7
  store p->array[2] = 8
  store p->rows[1][i] = 9
  t1 = load table[i]
  t2 = load table[2]
  t3 = load table[0]
  return t1 + t2 + t3
function nameless(p: struct node *): void
b0:
  store p->number = 1
  store p->low = 2
  t1 = load p->next
  t2 = load t1->next
  store t2->high = 3
  return
function owner(link: struct node *): struct item *
b0:
  return (char *)link - 8
function round_trip(item: struct item *): struct item *
b0:
  return item
function same_field(p: struct node * memory): void
b0:
  t1 = load p
  store t1->key = 1
  t2 = load p
  store t2->key = 2
  t3 = load p
  store t3->key = 3
  t4 = load p
  store t4->key = 4
  t5 = load p
  store t5->key = 5
  return
function steps(p: char *, i: int): void
b0:
  t1 = copy p
  store p = t1 + 1
  store *t1 = 1
  store p = p + 1
  store *p = 2
  store p = p + i
  store p = p - 2
  store i = i + 3
  store i = i - 1
  store i = i << 1
  return
function volatile_local(): void
  local seen: int memory
b0:
  declare seen
  store seen = 0
  jump b1
b1:
  t1 = load seen
  branch t1 ? b3 : b2
b2:
  store seen = 1
  jump b1
b3:
  return
*/
