/* G-F8: the whole list is taken over into a local, the head starts anew, and the local is freed at
 * leisure. Whoever copies the head and leaves it as it is has taken nothing. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

struct message {
  int peer;
  struct message *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct message *inbox, *swapped, *printed;

static struct message *message_new(int peer, struct message *next) {
  struct message *message = malloc(sizeof *message);
  if (!message)
    abort();
  message->peer = peer;
  message->next = next;
  return message;
}

static void messages_free(struct message *message) {
  while (message) {
    struct message *next = message->next;
    free(message);
    message = next;
  }
}

static struct message *exchange(struct message **head, struct message *with) {
  struct message *old = *head;
  *head = with;
  return old;
}

static void inbox_drain(void) {
  pthread_mutex_lock(&lock);
  struct message *mine = inbox;
  inbox = NULL;
  pthread_mutex_unlock(&lock);
  messages_free(mine);
}

static void swapped_drain(void) { messages_free(exchange(&swapped, NULL)); }

static void printed_drain(void) {
  struct message *mine = printed;
  while (mine) {
    printf("%d\n", mine->peer);
    mine = mine->next;
  }
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    int peer = accept(listener, NULL, NULL);
    pthread_mutex_lock(&lock);
    inbox = message_new(peer, inbox);
    pthread_mutex_unlock(&lock);
    swapped = message_new(peer, swapped);
    printed = message_new(peer, printed); // expect: growth-unbounded "'printed'"
    inbox_drain();
    swapped_drain();
    printed_drain();
  }
}
