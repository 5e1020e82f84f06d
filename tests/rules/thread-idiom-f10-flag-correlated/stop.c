#include "service.h"

void service_stop(struct service *s) {
  if (s->started)
    pthread_join(s->thread, NULL);
  for (int i = 0; i < s->helper_count; i++)
    pthread_join(s->helpers[i], NULL);
}

void hasty_stop(struct hasty *h) {
  if (h->started)
    pthread_join(h->thread, NULL);
}
