/* growth-unbounded: who takes the first one out until there is none empties the list, also where
 * another function takes it out; and who does that on a command does not keep it small. */
// run: --min-confidence info
// mechanism: growth-drains
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct line {
  struct line *next, *before;
  int from;
};

struct lines {
  struct line *first, *last;
  long count;
};

enum { MOST = 1000 };

static struct lines shown, recent;

static void lines_add(struct lines *lines, int from) {
  struct line *line = calloc(1, sizeof *line);
  if (!line)
    abort();
  line->from = from;
  line->before = lines->last;
  if (lines->last)
    lines->last->next = line;
  else
    lines->first = line;
  lines->last = line;
  lines->count++;
}

static void lines_take(struct lines *lines, struct line *line) {
  if (line->before)
    line->before->next = line->next;
  else
    lines->first = line->next;
  if (line->next)
    line->next->before = line->before;
  else
    lines->last = line->before;
  lines->count--;
  free(line);
}

static void lines_empty(struct lines *lines) {
  struct line *line;
  while ((line = lines->first))
    lines_take(lines, line);
}

static int serve(int from) {
  char command = 0;
  lines_add(&shown, from); // expect: growth-unbounded@info "loses them only when somebody empties it"
  lines_add(&recent, from);
  if (recent.count > MOST)
    lines_take(&recent, recent.first);
  return read(from, &command, 1) == 1 && command == 'c';
}

static void lines_clear(void) {
  lines_empty(&shown);
  lines_empty(&recent);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    if (serve(connection))
      lines_clear();
    close(connection);
  }
}
