/* L-F12: labels at the end undo what was done, in reverse order. */
// mechanism: typestate
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct device {
  pthread_mutex_t config_lock;
  pthread_rwlock_t state_lock;
  char *name;
  FILE *log;
  int users;
};

int device_open(struct device *device, const char *name, const char *log_path) {
  int error;
  pthread_mutex_lock(&device->config_lock);
  if (device->users > 0) {
    error = -EBUSY;
    goto unlock_config;
  }
  device->name = malloc(256);
  if (!device->name) {
    error = -ENOMEM;
    goto unlock_config;
  }
  pthread_rwlock_wrlock(&device->state_lock);
  device->log = fopen(log_path, "a");
  if (!device->log) {
    error = -errno;
    goto unlock_state;
  }
  if (snprintf(device->name, 256, "%s", name) >= 256) {
    error = -ENAMETOOLONG;
    goto close_log;
  }
  device->users = 1;
  pthread_rwlock_unlock(&device->state_lock);
  pthread_mutex_unlock(&device->config_lock);
  return 0;

close_log:
  fclose(device->log);
unlock_state:
  pthread_rwlock_unlock(&device->state_lock);
  free(device->name);
  device->name = NULL;
unlock_config:
  pthread_mutex_unlock(&device->config_lock);
  return error;
}

/* One label for success and failure. */
int device_rename(struct device *device, const char *name) {
  int error = 0;
  pthread_mutex_lock(&device->config_lock);
  if (!device->name) {
    error = -ENODEV;
    goto out;
  }
  if (snprintf(device->name, 256, "%s", name) >= 256)
    error = -ENAMETOOLONG;
out:
  pthread_mutex_unlock(&device->config_lock);
  return error;
}

/* A label that retries. */
int device_close(struct device *device) {
  int attempts = 0;
again:
  pthread_mutex_lock(&device->config_lock);
  if (device->users > 1 && attempts++ < 3) {
    pthread_mutex_unlock(&device->config_lock);
    goto again;
  }
  device->users = 0;
  pthread_mutex_unlock(&device->config_lock);
  return attempts;
}

/* One goto names the label below the one it needs. */
int device_open_wrong_label(struct device *device, const char *log_path) {
  int error;
  pthread_mutex_lock(&device->config_lock);
  pthread_rwlock_wrlock(&device->state_lock);
  if (device->users > 0) {
    error = -EBUSY;
    goto unlock_config; // expect: lock-leak "device->state_lock"
  }
  device->log = fopen(log_path, "a");
  if (!device->log) {
    error = -errno;
    goto unlock_state;
  }
  device->users = 1;
  error = 0;

unlock_state:
  pthread_rwlock_unlock(&device->state_lock);
unlock_config:
  pthread_mutex_unlock(&device->config_lock);
  return error;
}

/* One goto names the label above the one it needs. */
int device_rename_too_high(struct device *device, const char *name) {
  int error = 0;
  if (!name) {
    error = -EINVAL;
    goto unlock;
  }
  pthread_mutex_lock(&device->config_lock);
  if (!device->name || snprintf(device->name, 256, "%s", name) >= 256)
    error = -ENAMETOOLONG;
unlock:
  pthread_mutex_unlock(&device->config_lock); // expect: lock-unheld "device->config_lock"
  return error;
}

/* The retry jumps without the release. */
int device_close_retries_locked(struct device *device) {
  int attempts = 0;
again:
  pthread_mutex_lock(&device->config_lock); // expect: lock-double "device->config_lock"
  if (device->users > 1 && attempts++ < 3)
    goto again;
  device->users = 0;
  pthread_mutex_unlock(&device->config_lock);
  return attempts;
}
