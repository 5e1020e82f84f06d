/* IDIOMS A5: the ways in which a try is written (memcached, freeswitch, esl, fluent-bit). */
// mechanism: facts
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum status { SUCCESS, FAILED };

struct machine {
  pthread_mutex_t mutex;
  int digits;
  bool running;
};

static enum status machine_trylock(struct machine *machine) {
  return pthread_mutex_trylock(&machine->mutex) ? FAILED : SUCCESS;
}

enum status machine_ping(struct machine *machine) {
  if (machine_trylock(machine) != SUCCESS)
    return SUCCESS;
  machine->digits = 0;
  pthread_mutex_unlock(&machine->mutex);
  return SUCCESS;
}

/* The last operand of an "or" chain: reached only if the others are false. */
enum status machine_receive(struct machine *machine, int *digits) {
  if (!machine || !machine->running || pthread_mutex_trylock(&machine->mutex) != 0)
    return FAILED;
  *digits = machine->digits;
  pthread_mutex_unlock(&machine->mutex);
  return SUCCESS;
}

/* The last operand of an "and" chain. */
int machine_poll(struct machine *machine) {
  int digits = -1;
  if (machine && machine->running && pthread_mutex_trylock(&machine->mutex) == 0) {
    digits = machine->digits;
    pthread_mutex_unlock(&machine->mutex);
  }
  return digits;
}

/* In a loop condition. */
int machine_wait(struct machine *machine, void (*pause)(void)) {
  int rounds = 0;
  while (pthread_mutex_trylock(&machine->mutex)) {
    pause();
    if (++rounds > 100)
      return -1;
  }
  machine->digits = 0;
  pthread_mutex_unlock(&machine->mutex);
  return rounds;
}

/* In the condition of a `?:` and in a variable of its own. */
int machine_digits(struct machine *machine) {
  const bool locked = pthread_mutex_trylock(&machine->mutex) ? false : true;
  int digits = locked ? machine->digits : -1;
  if (locked)
    pthread_mutex_unlock(&machine->mutex);
  return digits;
}

/* Assigned inside the condition. */
int machine_stop(struct machine *machine) {
  int error;
  if ((error = pthread_mutex_trylock(&machine->mutex)) != 0)
    return error;
  machine->running = false;
  return pthread_mutex_unlock(&machine->mutex);
}

/* A switch over the result. */
int machine_start(struct machine *machine) {
  switch (pthread_mutex_trylock(&machine->mutex)) {
  case 0:
    machine->running = true;
    pthread_mutex_unlock(&machine->mutex);
    return 1;
  default:
    return 0;
  }
}

/* The operand after the try fails while the lock is held. */
enum status machine_receive_leaks(struct machine *machine, int *digits) {
  if (!machine || pthread_mutex_trylock(&machine->mutex) != 0 || !machine->running)
    return FAILED; // expect: lock-leak "machine->mutex"
  *digits = machine->digits;
  pthread_mutex_unlock(&machine->mutex);
  return SUCCESS;
}

/* Counts rounds in the wrong place: the loop is left with the lock as well as without. */
int machine_wait_leaks(struct machine *machine, void (*pause)(void)) {
  for (int rounds = 0; rounds < 100; rounds++) {
    if (pthread_mutex_trylock(&machine->mutex) == 0) {
      if (!machine->running)
        return -1; // expect: lock-leak "machine->mutex"
      machine->digits = 0;
      pthread_mutex_unlock(&machine->mutex);
      return rounds;
    }
    pause();
  }
  return -1;
}

/* Takes 1 for success. */
int machine_stop_mistakes_result(struct machine *machine) {
  if (pthread_mutex_trylock(&machine->mutex) == 0)
    return -1; // expect: lock-leak "machine->mutex"
  machine->running = false;
  return -2;
}
