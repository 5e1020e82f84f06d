/* R-F6, IDIOMS D47: a function calls itself once more in another mode; the second time the
 * condition of the call does not hold. */
// run: --min-confidence info
#include <errno.h>
#include <stdbool.h>
#include <string.h>

enum { FLAG_NONBLOCK = 1, FLAG_BIND = 2 };

int open_socket(const char *address, int flags);

int connect_to(const char *address, int flags) {
  int socket = open_socket(address, flags);
  if (socket < 0 && (flags & FLAG_BIND))
    return connect_to(address, flags & ~FLAG_BIND) + 1;
  return socket;
}

int read_header(const unsigned char *data, size_t size, int *out) {
  if (size < 8) {
    unsigned char padded[8] = {0};
    memcpy(padded, data, size);
    return read_header(padded, sizeof(padded), out) - (int)(8 - size);
  }
  *out = data[0];
  return 8;
}

int load(const char *name, bool is_retry) {
  int loaded = open_socket(name, 0);
  if (loaded < 0 && errno == EAGAIN && !is_retry) {
    int again = load(name, true);
    return again < 0 ? -EAGAIN : again;
  }
  return loaded;
}

/* The argument stays what it is: as long as it fails. */
int connect_stubborn(const char *address, int flags) {
  int socket = open_socket(address, flags);
  if (socket < 0 && (flags & FLAG_BIND))
    return connect_stubborn(address, flags | FLAG_NONBLOCK) + 1; // expect: recursion-unbounded "nothing on the way counts the calls"
  return socket;
}

int load_stubborn(const char *name, bool is_retry) {
  int loaded = open_socket(name, is_retry);
  if (loaded < 0 && errno == EAGAIN) {
    int again = load_stubborn(name, true); // expect: recursion-unbounded "nothing on the way counts the calls"
    return again < 0 ? -EAGAIN : again;
  }
  return loaded;
}
