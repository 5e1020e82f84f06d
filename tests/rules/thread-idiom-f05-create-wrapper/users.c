#include "shim.h"

void left(void) {
  shim_thread thread;
  shim_create(&thread, "left", work, NULL, SHIM_DETACHED);
}

void joined(void) {
  shim_thread thread;
  shim_create(&thread, "joined", work, NULL, SHIM_JOINABLE);
  shim_join(&thread);
}

void forgotten(void) {
  shim_thread thread;
  shim_create(&thread, "forgotten", work, NULL, SHIM_JOINABLE); // expect: thread-unjoined "'forgotten' neither"
}

int behind_parameter(void) {
  shim_thread *thread;
  if (shim_try_create(&thread, work, NULL))
    return -1;
  shim_free(thread);
  return 0;
}

int result(void) {
  shim_thread *thread = shim_new(work, NULL);
  if (!thread)
    return -1;
  shim_free(thread);
  return 0;
}
