/* Clang's capability attributes, through macros, are models of what has no body. */
// mechanism: annotations
#include "device.h"

static struct gate local_gate;
static void *volatile sink;

int uses_device(struct device *device, int fails) {
  device_lock(device); // note: "acquired here"
  if (fails)
    return -1; // expect: lock-leak "'device->gate' is still held"
  device_unlock(device);
  return 0;
}

int keeps_balance(struct device *device) {
  device_lock(device);
  int users = device_count(device);
  device_unlock(device);
  return users;
}

int tries(struct device *device) {
  if (device_trylock(device))
    return 0;
  device->users++;
  device_unlock(device);
  return 1;
}

int tries_in_vain(struct device *device, int fails) {
  if (device_trylock(device) != 0)
    return 0;
  if (fails)
    return 0; // expect: lock-leak "'device->gate' is still held"
  device_unlock(device);
  return 0;
}

void twice(struct device *device) {
  device_lock(device);
  device_lock(device); // expect: lock-double
  device_unlock(device);
}

void resets_under_lock(struct device *device) {
  device_lock(device);
  device_reset(device); // expect: lock-double
  device_unlock(device);
}

void resets(struct device *device) {
  device_lock(device);
  device->users = 0;
  device_unlock(device);
  device_reset(device);
}

int counts_too_late(struct device *device) {
  device_lock(device);
  device->users++;
  device_unlock(device);       // note: "released"
  return device_count(device); // expect: lock-unheld "'device->gate' is not held here"
}

/* Before there are threads. */
int counts_first(struct device *device) {
  int users = device_count(device);
  device_lock(device);
  device->users = users;
  device_unlock(device);
  return users;
}

int walks(int fails) {
  list_lock(); // note: "acquired here"
  if (fails)
    return -1; // expect: lock-leak "'device_list' is still held"
  list_unlock();
  return 0;
}

int enters(int fails) {
  gate_enter(&local_gate); // note: "acquired here"
  if (fails)
    return -1; // expect: lock-leak "'local_gate' is still held"
  gate_leave(&local_gate);
  return 0;
}

int both(struct device *a, struct device *b, int fails) {
  device_both(a, b);
  if (fails) {
    device_unlock(a);
    return -1; // expect: lock-leak "'b->gate' is still held"
  }
  device_unlock(a);
  device_unlock(b);
  return 0;
}

/* What is not understood says nothing. */
int slow(struct device *device, int fails) {
  device_lock_slow(device);
  return fails ? -1 : 0;
}

/* The declaration says nothing of what becomes of the device. */
struct device *passes_on(void) {
  struct device *device = __builtin_malloc(sizeof *device);
  if (!device)
    return 0;
  device_lock(device);
  device_unlock(device);
  return 0;
}
