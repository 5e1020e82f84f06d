/* A function that only reads is asked twice, around something that comes, far below, to a scheduler
 * that writes what was read: the answer is the same when it comes back (QEMU's mpqemu_msg_send). A
 * change in plain sight counts.
 */
// mechanism: question
// mechanism: barrier
// mechanism: given-up
// run: --min-confidence possible
#include <pthread.h>
#include <stdbool.h>

struct task {
  struct task *caller;
};

struct channel {
  int fd;
  int (*write)(struct channel *, const char *);
  void (*wait)(struct channel *);
};

static __thread struct task *current;
static pthread_mutex_t big = PTHREAD_MUTEX_INITIALIZER;
static bool single;

extern void swap(struct task *from, struct task *to);

/* Not inlined, so that the variable is looked for again after a switch. */
__attribute__((noinline)) static struct task *get_current(void) {
  __asm__ volatile("");
  return current;
}

bool in_task(void) {
  struct task *self = get_current();
  return self && self->caller;
}

static void task_switch(struct task *to) {
  struct task *from = current;
  current = to;
  swap(from, to);
}

void task_yield(void) {
  struct task *self = get_current(), *to = self->caller;
  self->caller = 0;
  task_switch(to);
}

static void channel_yield(struct channel *channel) {
  channel->fd |= 1;
  task_yield();
}

void greet(struct channel *channel);

static int channel_write_all(struct channel *channel, const char *text) {
  int written = channel->write(channel, text);
  if (written == -2) // it is connected again
    greet(channel);
  else if (written < 0 && in_task())
    channel_yield(channel);
  else if (written < 0)
    channel->wait(channel);
  return written;
}

extern bool has_big_lock(void);
extern bool is_helper(void);

/* Called with the big lock held. */
int message_send(struct channel *channel, const char *text) {
  bool locked = has_big_lock(), helps = is_helper();
  if (locked && !helps && !in_task())
    pthread_mutex_unlock(&big);
  int written = channel_write_all(channel, text);
  if (locked && !helps && !in_task())
    pthread_mutex_lock(&big);
  return written;
}

void greet(struct channel *channel) {
  if (message_send(channel, "hello") < 0)
    channel->fd = -1;
}

int message_receive(struct channel *channel, char *text) {
  if (!in_task())
    pthread_mutex_lock(&big);
  int got = channel_write_all(channel, text);
  if (!in_task())
    pthread_mutex_unlock(&big);
  return got;
}

/* What the answer hangs on is written between, by whom it calls. */
bool is_shared(void) { return !single; }

void become_single(void) { single = true; }

void shut_down(struct channel *channel) {
  if (is_shared())
    pthread_mutex_lock(&big);
  channel_write_all(channel, "bye");
  become_single();
  if (is_shared())
    pthread_mutex_unlock(&big);
} // expect: lock-leak "'big' is still held"

/* And by the function itself. */
void shut_down_at_once(struct channel *channel) {
  if (is_shared())
    pthread_mutex_lock(&big);
  single = channel_write_all(channel, "bye") < 0;
  if (is_shared())
    pthread_mutex_unlock(&big); // expect: lock-unheld "'big'"
}

/* Asked for something else. */
int message_lose(struct channel *channel, char *text) {
  if (!in_task())
    pthread_mutex_lock(&big);
  int got = channel_write_all(channel, text);
  if (in_task())
    pthread_mutex_unlock(&big); // expect: lock-unheld "'big'"
  return got;
}
