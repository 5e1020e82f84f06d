/* What is called after so many times puts the counter back before it calls on: there it does not
 * come to be called again. */
// mechanism: put-back-counters
// run: --min-confidence info
#include <stdio.h>
#include <string.h>

enum { USES = 1000000 };

static unsigned uses;
static unsigned char state[32];

static void mix(const void *with, size_t size) {
  for (size_t i = 0; i < size; i++)
    state[i % sizeof state] ^= ((const unsigned char *)with)[i];
}

void random_bytes(unsigned char *to, unsigned count);

static void give_back(void) {
  unsigned char some[32];
  FILE *device = fopen("/dev/urandom", "w");
  if (!device)
    return;
  random_bytes(some, sizeof some);
  fwrite(some, sizeof some, 1, device);
  fclose(device);
}

static void stir(void) {
  unsigned char seed[32];
  FILE *device = fopen("/dev/urandom", "r");
  if (device) {
    mix(seed, fread(seed, 1, sizeof seed, device));
    fclose(device);
  }
  uses = 0;
  give_back();
}

void random_bytes(unsigned char *to, unsigned count) {
  while (count > 0) {
    mix(&uses, sizeof uses);
    uses++;
    if (uses > USES)
      stir();
    unsigned part = count < sizeof state ? count : sizeof state;
    memcpy(to, state, part);
    to += part;
    count -= part;
  }
}

/* ---- it is put back to where it is too much the next time */

static unsigned drawn;

void draw_bytes(unsigned char *to, unsigned count);

static void stir_late(void) {
  unsigned char seed[32];
  FILE *device = fopen("/dev/urandom", "r");
  if (device) {
    mix(seed, fread(seed, 1, sizeof seed, device));
    fclose(device);
  }
  drawn = USES;
  draw_bytes(seed, sizeof seed); // expect: recursion-unbounded
}

void draw_bytes(unsigned char *to, unsigned count) {
  while (count > 0) {
    drawn++;
    if (drawn > USES)
      stir_late();
    unsigned part = count < sizeof state ? count : sizeof state;
    memcpy(to, state, part);
    to += part;
    count -= part;
  }
}
