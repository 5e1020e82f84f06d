/* Links inside of the elements, as kernels have them: the head is a link itself and the element is
 * found from the link. */
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct list_head {
  struct list_head *next, *prev;
};

#define LIST_HEAD_INIT(name) {&(name), &(name)}
#define list_entry(link, type, member) ((type *)((char *)(link) - offsetof(type, member)))
#define list_for_each_entry_safe(at, ahead, head, member)                                          \
  for (at = list_entry((head)->next, __typeof__(*at), member),                                     \
      ahead = list_entry(at->member.next, __typeof__(*at), member);                                \
       &at->member != (head);                                                                      \
       at = ahead, ahead = list_entry(ahead->member.next, __typeof__(*ahead), member))

static inline void between(struct list_head *link, struct list_head *prev, struct list_head *next) {
  next->prev = link;
  link->next = next;
  link->prev = prev;
  prev->next = link;
}

static inline void list_add(struct list_head *link, struct list_head *head) {
  between(link, head, head->next);
}

static inline void list_add_tail(struct list_head *link, struct list_head *head) {
  between(link, head->prev, head);
}

static inline void join(struct list_head *prev, struct list_head *next) {
  next->prev = prev;
  prev->next = next;
}

static inline void list_del_init(struct list_head *link) {
  join(link->prev, link->next);
  link->next = link->prev = link;
}

struct request {
  int socket;
  struct list_head pending;
  struct list_head by_age;
};

struct failure {
  int socket;
  struct list_head link;
};

static struct list_head pending = LIST_HEAD_INIT(pending);
static struct list_head by_age = LIST_HEAD_INIT(by_age);
static struct list_head failures = LIST_HEAD_INIT(failures);

static void request_begin(int socket) {
  struct request *request = calloc(1, sizeof *request);
  if (!request)
    abort();
  request->socket = socket;
  list_add(&request->pending, &pending);
  list_add_tail(&request->by_age, &by_age);
}

static void request_end(struct request *request) {
  list_del_init(&request->pending);
  list_del_init(&request->by_age);
  close(request->socket);
  free(request);
}

static void failure_note(int socket) {
  struct failure *failure = calloc(1, sizeof *failure);
  if (!failure)
    abort();
  failure->socket = socket;
  list_add_tail(&failure->link, &failures); // expect: growth-unbounded "'failures'"
}

int main(void) {
  struct request *request, *ahead;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    int socket = accept(listener, NULL, NULL);
    if (socket < 0)
      failure_note(socket);
    else
      request_begin(socket);
    list_for_each_entry_safe(request, ahead, &by_age, by_age) {
      if (send(request->socket, "+", 1, MSG_DONTWAIT) < 0)
        request_end(request);
    }
  }
}
