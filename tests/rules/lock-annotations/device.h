#include "annotations.h"

/* Of another library: nobody here sees what they do. */
struct CAPABILITY("mutex") gate {
  int taken;
};

struct device {
  struct gate gate;
  struct {
    struct gate *slow;
  };
  int users;
};

extern struct gate device_list;

void device_lock(struct device *device) ACQUIRE(device->gate);
void device_unlock(struct device *d) RELEASE(&d->gate);
int device_trylock(struct device *device) TRY_ACQUIRE(0, device->gate);
void device_lock_slow(struct device *) ACQUIRE(nobody_knows_this);
void device_both(struct device *a, struct device *b) ACQUIRE(a->gate, b->gate);
int device_count(const struct device *device) REQUIRES(device->gate);
void device_reset(struct device *device) EXCLUDES(device->gate);
void list_lock(void) ACQUIRE(device_list);
void list_unlock(void) RELEASE(device_list);
void gate_enter(struct gate *gate) LOCKS_OLD(gate);
void gate_leave(struct gate *gate) UNLOCKS_OLD(gate);
