// ref-cycle: what ends an object is kept beside its count, as a pointer to a function; the macros
// count in place.
#include <stddef.h>
#include <stdlib.h>

struct counter {
  int count;
  void (*release)(const struct counter *);
};

#define COUNTER_INIT(counter, how)                                                                 \
  do {                                                                                             \
    (counter)->count = 1;                                                                          \
    (counter)->release = (how);                                                                    \
  } while (0)
#define COUNTER_UP(counter) __atomic_fetch_add(&(counter)->count, 1, __ATOMIC_SEQ_CST)
#define COUNTER_DOWN(counter)                                                                      \
  do {                                                                                             \
    if (__atomic_fetch_sub(&(counter)->count, 1, __ATOMIC_SEQ_CST) == 1)                           \
      (counter)->release(counter);                                                                 \
  } while (0)
#define container_of(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))

struct call;

struct room {
  char name[16];
  struct call *call;
  struct counter ref;
};

struct call {
  int number;
  struct room *room;
  struct counter ref;
};

static void room_free(const struct counter *ref) {
  struct room *room = container_of(ref, struct room, ref);
  if (room->call)
    COUNTER_DOWN(&room->call->ref);
  free(room);
}

static void call_free(const struct counter *ref) {
  struct call *call = container_of(ref, struct call, ref);
  COUNTER_DOWN(&call->room->ref);
  free(call);
}

struct room *room_new(void) {
  struct room *room = calloc(1, sizeof *room);
  if (!room)
    abort();
  COUNTER_INIT(&room->ref, room_free);
  return room;
}

void call_new(struct room *room, int number) {
  struct call *call = calloc(1, sizeof *call);
  if (!call)
    return;
  COUNTER_INIT(&call->ref, call_free);
  call->number = number;
  COUNTER_UP(&room->ref);
  call->room = room;
  room->call = call; // expect: ref-cycle@likely "'struct room.call' and 'struct call.room'"
}

void room_leave(struct room *room) { COUNTER_DOWN(&room->ref); }

/* ---- hanging up breaks it */

struct guest;

struct hall {
  struct guest *guest;
  struct counter ref;
};

struct guest {
  struct hall *hall;
  struct counter ref;
};

static void hall_free(const struct counter *ref) {
  struct hall *hall = container_of(ref, struct hall, ref);
  if (hall->guest)
    COUNTER_DOWN(&hall->guest->ref);
  free(hall);
}

static void guest_free(const struct counter *ref) {
  struct guest *guest = container_of(ref, struct guest, ref);
  COUNTER_DOWN(&guest->hall->ref);
  free(guest);
}

struct hall *hall_new(void) {
  struct hall *hall = calloc(1, sizeof *hall);
  if (!hall)
    abort();
  COUNTER_INIT(&hall->ref, hall_free);
  return hall;
}

void guest_new(struct hall *hall) {
  struct guest *guest = calloc(1, sizeof *guest);
  if (!guest)
    return;
  COUNTER_INIT(&guest->ref, guest_free);
  COUNTER_UP(&hall->ref);
  guest->hall = hall;
  hall->guest = guest;
}

void hall_clear(struct hall *hall) {
  struct guest *guest = hall->guest;
  hall->guest = NULL;
  if (guest)
    COUNTER_DOWN(&guest->ref);
}
