// run: --min-confidence possible
#include "rules.h"
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

static volatile sig_atomic_t reload;

static void on_hangup(int number) {
  (void)number;
  reload = 1;
}

int main(int count, char **arguments) {
  char host[256] = "";
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (count < 2)
    return 1;
  signal(SIGHUP, on_hangup);
  config_read(arguments[1]);
  for (;;) {
    if (reload) {
      reload = 0;
      config_read(arguments[1]);
    }
    int peer = accept(listener, NULL, NULL);
    if (read(peer, host, sizeof host - 1) > 0 && host_is_allowed(host) && header_is_known(host))
      write(peer, "yes", 3);
    close(peer);
  }
}
