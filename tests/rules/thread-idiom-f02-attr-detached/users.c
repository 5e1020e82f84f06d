#include "attributes.h"

int session(void) {
  pthread_t thread;
  return pthread_create(&thread, &session_attributes, work, NULL);
}

int by_macro(void) {
  pthread_t thread;
  return create_detached(&thread, work, NULL);
}

int prepared(void) {
  pthread_t thread;
  pthread_attr_t attributes;
  prepare(&attributes, 32768, 1);
  return pthread_create(&thread, &attributes, work, NULL);
}

int prepared_to_be_joined(void) {
  pthread_t thread;
  pthread_attr_t attributes;
  prepare(&attributes, 32768, 0);
  return pthread_create(&thread, &attributes, work, NULL); // expect: thread-unjoined "'thread'"
}

int with_a_stack_only(void) {
  pthread_t thread;
  return pthread_create(&thread, &worker_attributes, work, NULL); // expect: thread-unjoined "'thread'"
}
