/* What no way out gives back or hands on: once, it lives as long as the process; for each request,
 * it adds up. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static size_t longest;
static pthread_key_t own;
static void (*observer)(const char *);

static char *upper(const char *line) {
  char *text = strdup(line);
  for (char *at = text; at && *at; at++)
    *at &= 0x5f;
  return text;
}

/* Once: nobody gives back what the process needs to its end. */
static void begin(const char *name) {
  char *banner = upper(name);
  if (banner)
    puts(banner);
}

static void answer(const char *line) {
  char *text = upper(line);
  if (text && strlen(text) > longest)
    longest = strlen(text);
} // expect: resource-leak "the memory 'text' is not freed"

static void answer_right(const char *line) {
  char *text = upper(line);
  if (text && strlen(text) > longest)
    longest = strlen(text);
  free(text);
}

/* Whoever is called through a pointer may keep it, whatever is seen here. */
static void tell(const char *line) {
  char *text = upper(line);
  if (text && observer)
    observer(text);
}

/* It was made for something, and is not looked at any more. */
static void made(const char *line) {
  char *text = upper(line);
  (void)text;
} // expect: resource-leak "the memory 'text' is not freed"

static void print(const char *text) { puts(text); }

/* Made to be there, and looked at by nobody. */
static void reserve(void) {
  int spare = dup(0);
  (void)spare;
}

struct context {
  char line[64];
};

/* The thread has it, and who asks is given it as well. */
static struct context *context_of_thread(void) {
  struct context *context = calloc(1, sizeof *context);
  if (context)
    pthread_setspecific(own, context);
  return context;
}

static void remember(const char *line) {
  struct context *context = pthread_getspecific(own);
  if (!context)
    context = context_of_thread();
  if (context)
    snprintf(context->line, sizeof context->line, "%s", line);
}

static void note(const char *line) {
  struct context *context = context_of_thread();
  if (context)
    snprintf(context->line, sizeof context->line, "%s", line);
}

int main(void) {
  char line[64];
  pthread_key_create(&own, free);
  observer = print;
  begin("echo");
  while (fgets(line, sizeof line, stdin)) {
    answer(line);
    answer_right(line);
    tell(line);
    made(line);
    remember(line);
    note(line);
    reserve();
  }
  return 0;
}
