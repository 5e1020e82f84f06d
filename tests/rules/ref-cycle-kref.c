// ref-cycle: the count is a record of its own inside of the object, and what ends it is handed over.
#include <stddef.h>
#include <stdlib.h>

struct ref {
  int count;
};

static void ref_init(struct ref *ref) { ref->count = 1; }

static void ref_get(struct ref *ref) { ref->count++; }

static int ref_put(struct ref *ref, void (*release)(struct ref *)) {
  if (--ref->count)
    return 0;
  release(ref);
  return 1;
}

#define container_of(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))

struct port;

struct device {
  const char *name;
  struct ref ref;
  struct port *port;
};

struct port {
  int number;
  struct ref ref;
  struct device *device;
};

static void device_put(struct device *device);

static void port_release(struct ref *ref) {
  struct port *port = container_of(ref, struct port, ref);
  device_put(port->device);
  free(port);
}

static void port_put(struct port *port) { ref_put(&port->ref, port_release); }

static void device_release(struct ref *ref) {
  struct device *device = container_of(ref, struct device, ref);
  if (device->port)
    port_put(device->port);
  free(device);
}

static void device_put(struct device *device) { ref_put(&device->ref, device_release); }

static struct device *device_get(struct device *device) {
  ref_get(&device->ref);
  return device;
}

struct port *port_new(struct device *device, int number) {
  struct port *port = calloc(1, sizeof *port);
  if (!port)
    return NULL;
  ref_init(&port->ref);
  port->number = number;
  port->device = device_get(device);
  device->port = port; // expect: ref-cycle "'struct device.port' and 'struct port.device'"
  return port;
}

/* ---- the same, but the bus is not owned by what is on it */

struct slot;

struct bus {
  struct ref ref;
  struct slot *slot;
};

struct slot {
  struct ref ref;
  struct bus *bus;
};

static void slot_release(struct ref *ref) { free(container_of(ref, struct slot, ref)); }

static void bus_release(struct ref *ref) {
  struct bus *bus = container_of(ref, struct bus, ref);
  if (bus->slot)
    ref_put(&bus->slot->ref, slot_release);
  free(bus);
}

void bus_put(struct bus *bus) { ref_put(&bus->ref, bus_release); }

void bus_get(struct bus *bus) { ref_get(&bus->ref); }

void slot_new(struct bus *bus) {
  struct slot *slot = calloc(1, sizeof *slot);
  if (!slot)
    return;
  ref_init(&slot->ref);
  slot->bus = bus;
  bus->slot = slot;
}
