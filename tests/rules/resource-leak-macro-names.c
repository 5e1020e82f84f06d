/* A macro's variables are no names for what is lost: nobody who reads the code knows them. */
// mechanism: macro-names
// run: --min-confidence possible
#include <stdlib.h>
#include <unistd.h>

#define CHECK_DIFFERS(number, other)                                                               \
  do {                                                                                             \
    long long _n1 = (number), _n2 = (other);                                                       \
    if (_n1 == _n2)                                                                                \
      abort();                                                                                     \
  } while (0)

#define DECLARED_OPEN(name, text) int name = mkstemp(text)

int make_and_wait(int peer) {
  char text[] = "made-XXXXXX";
  int result = mkstemp(text);
  CHECK_DIFFERS(result, -1);
  result = (int)write(peer, text, sizeof text);
  CHECK_DIFFERS(result, -1);
  return 0; // expect: resource-leak "'result' is not closed"
}

int make_one(void) {
  char text[] = "only-XXXXXX";
  DECLARED_OPEN(only, text);
  if (only < 0)
    return -1;
  if (write(only, "a", 1) != 1)
    return -1; // expect: resource-leak "'only' is not closed"
  close(only);
  return 0;
}
