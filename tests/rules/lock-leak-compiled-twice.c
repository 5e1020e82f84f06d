/* One source, compiled for two depths of pixels (x264): what is wrong in both is told once. What is
 * wrong in one of them, and what a macro makes twice, is told as ever.
 */
// command: -DDEPTH=8
// command: -DDEPTH=10
// mechanism: other-compiles
#include <pthread.h>

#define JOINED(name, depth) name##_##depth
#define WITH_DEPTH(name, depth) JOINED(name, depth)
#define NAME(name) WITH_DEPTH(name, DEPTH)

#if DEPTH == 8
typedef unsigned char pixel;
#else
typedef unsigned short pixel;
#endif

struct plane {
  pthread_mutex_t lock;
  pixel *pixels;
  int count;
};

extern int load(int bytes);

int NAME(plane_load)(struct plane *plane) {
  pthread_mutex_lock(&plane->lock);
  if (!load(plane->count * (int)sizeof(pixel)))
    return -1; // expect: lock-leak "'plane->lock' is still held"
  pthread_mutex_unlock(&plane->lock);
  return 0;
}

static int load_row(struct plane *plane, int row) {
  pthread_mutex_lock(&plane->lock);
  if (!load(row * (int)sizeof(pixel)))
    return -1; // expect: lock-leak "'plane->lock' is still held"
  pthread_mutex_unlock(&plane->lock);
  return 0;
}

int NAME(plane_load_rows)(struct plane *plane) { return load_row(plane, 0) + load_row(plane, 1); }

int NAME(plane_clear)(struct plane *plane) {
  pthread_mutex_lock(&plane->lock);
  for (int i = 0; i < plane->count; i++)
    plane->pixels[i] = 0;
#if DEPTH > 8
  if (!load(plane->count))
    return -1; // expect: lock-leak "'plane->lock' is still held"
#endif
  pthread_mutex_unlock(&plane->lock);
  return 0;
}

/* ---- two functions on one line */

#define LOADERS(kind)                                                                              \
  int NAME(kind##_first)(struct plane * plane) {                                                   \
    pthread_mutex_lock(&plane->lock);                                                              \
    if (!load((int)sizeof(pixel)))                                                          \
      return -1;                                                                                   \
    pthread_mutex_unlock(&plane->lock);                                                            \
    return 0;                                                                                      \
  }                                                                                                \
  int NAME(kind##_second)(struct plane * plane) {                                                  \
    pthread_mutex_lock(&plane->lock);                                                              \
    if (!load(2 * (int)sizeof(pixel)))                                                      \
      return -1;                                                                                   \
    pthread_mutex_unlock(&plane->lock);                                                            \
    return 0;                                                                                      \
  }

LOADERS(plane) // expect: lock-leak "plane_first" // expect: lock-leak "plane_second"
