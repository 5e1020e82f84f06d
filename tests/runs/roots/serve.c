#include "roots.h"
#include <stddef.h>
#include <sys/socket.h>

void serve(int listener) { // runs: once init run
  // explain: serve "runs once: reached from 'main'"
  int fd;
  while ((fd = accept(listener, NULL, NULL)) >= 0) {
    struct request request = {fd};
    handle(&request);
  }
}

void reconfigure(void) {} // runs: any run
// explain: reconfigure "any number of times: 'on_hangup' is registered by 'main', to be called"
