// One try after the other: what the last one opened is lost when its variable is set anew.
#include <sys/socket.h>
#include <unistd.h>

struct place {
  struct place *next;
  struct sockaddr *address;
  socklen_t length;
  int family;
};

int connect_first(const struct place *places) {
  int to = -1;
  for (const struct place *p = places; p; p = p->next) {
    to = socket(p->family, SOCK_STREAM, 0);
    if (to < 0)
      continue;
    if (!connect(to, p->address, p->length))
      break;
    close(to);
    to = -1;
  }
  return to;
}

int connect_any(const struct place *places) {
  int to = -1;
  for (const struct place *p = places; p; p = p->next) {
    to = socket(p->family, SOCK_STREAM, 0); // note: "opened by 'socket' here"
    if (to < 0)
      continue;
    if (!connect(to, p->address, p->length))
      break;
    to = -1; // expect: resource-leak "the last name of the descriptor 'to' is overwritten here"
  }
  return to;
}
