// Which arm of a _Generic was chosen is known by what the control is, also where all arms are of one
// type: a lock of several kinds is taken and given back by one name.
// mechanism: generic-arms
#include <pthread.h>

struct gate {
  pthread_mutex_t lock;
  int passed;
};
typedef struct {
  pthread_spinlock_t spin;
  int opened;
} Door;
typedef struct any {
  int unused;
} Any;

static int gate_lock(struct gate *gate) { return pthread_mutex_lock(&gate->lock); }
static int gate_unlock(struct gate *gate) { return pthread_mutex_unlock(&gate->lock); }
static int door_lock(Door *door) { return pthread_spin_lock(&door->spin); }
static int door_unlock(Door *door) { return pthread_spin_unlock(&door->spin); }
static int any_lock(const char *name, Any *any) { return any->unused + name[0]; }

#define TAKE(x)                                                                                    \
  _Generic((x), const Any *: any_lock("a, \"b\": (c", (Any *)(x)),                                 \
           struct gate *: gate_lock((struct gate *)(x)), Door *: door_lock((Door *)(x)))
#define GIVE(x)                                                                                    \
  _Generic((x), struct gate *: gate_unlock((struct gate *)(x)),                                    \
           Door *: door_unlock((Door *)(x)), default: 0)

int pass(struct gate *gate) {
  TAKE(gate);
  int passed = ++gate->passed;
  GIVE(gate);
  return passed;
}

int open_door(Door *door, int key) {
  TAKE(door); // note: "acquired by"
  if (key < 0)
    return -1; // expect: lock-leak "'door->spin'"
  int opened = ++door->opened;
  GIVE(door);
  return opened;
}

int pass_all(struct gate *gates, int count) {
  int passed = 0;
  for (int i = 0; i < count; i++) {
    TAKE(&gates[i]);
    if (gates[i].passed < 0) {
      GIVE(&gates[i]);
      continue;
    }
    passed += gates[i].passed;
    GIVE(&gates[i]);
  }
  return passed;
}
