/* Who has it afterwards: a thread, the end of the process, another handle, whoever knows a part. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- an object that others know by a part of it */
struct link {
  struct link *next;
};
struct job {
  char *name;
  struct link link;
};
static struct link *queue;

#define container_of(at, type, member) ((type *)((char *)(at)-offsetof(type, member)))

static void enqueue(struct link *link) {
  link->next = queue;
  queue = link;
}

int job_queue(const char *name) {
  struct job *job = calloc(1, sizeof *job);
  if (!job)
    return -1;
  job->name = strdup(name);
  enqueue(&job->link);
  return 0;
}

void job_run(void) {
  struct link *link = queue;
  if (!link)
    return;
  queue = link->next;
  struct job *job = container_of(link, struct job, link);
  free(job->name);
  free(job);
}

int job_queue_wrong(const char *name) {
  struct job *job = calloc(1, sizeof *job);
  if (!job)
    return -1;
  if (!*name)
    return -1; // expect: resource-leak "the memory 'job'"
  job->name = strdup(name);
  enqueue(&job->link);
  return 0;
}

/* ---- the end of the process */
static char *scratch;
static void remove_scratch(void) {
  unlink(scratch);
  free(scratch);
}

int scratch_make(const char *folder) {
  char *path = NULL;
  if (asprintf(&path, "%s/scratch", folder) < 0)
    return -1;
  scratch = path;
  return atexit(remove_scratch);
}

int scratch_make_wrong(const char *folder) {
  char *path = NULL;
  if (asprintf(&path, "%s/scratch", folder) < 0)
    return -1;
  if (access(path, W_OK) < 0)
    return -1; // expect: resource-leak "the memory 'path'"
  scratch = path;
  return atexit(remove_scratch);
}

/* ---- a thread */
static void *serve(void *argument) {
  struct job *job = argument;
  puts(job->name);
  free(job->name);
  free(job);
  return NULL;
}

int serve_in_thread(const char *name) {
  pthread_t thread;
  struct job *job = calloc(1, sizeof *job);
  if (!job)
    return -1;
  job->name = strdup(name);
  if (pthread_create(&thread, NULL, serve, job) != 0) {
    free(job->name);
    free(job);
    return -1;
  }
  pthread_detach(thread);
  return 0;
}

int serve_in_thread_wrong(const char *name) {
  pthread_t thread;
  struct job *job = calloc(1, sizeof *job);
  if (!job)
    return -1;
  job->name = strdup(name);
  if (pthread_create(&thread, NULL, serve, job) != 0)
    return -1; // expect: resource-leak "the memory 'job'"
  pthread_detach(thread);
  return 0;
}

/* ---- another handle: the stream has the descriptor, dup2 makes one more */
FILE *stream_open(const char *path) {
  int fd = open(path, O_RDWR | O_CREAT, 0600);
  if (fd < 0)
    return NULL;
  FILE *stream = fdopen(fd, "r+");
  if (!stream)
    close(fd);
  return stream;
}

FILE *stream_open_wrong(const char *path) {
  int fd = open(path, O_RDWR | O_CREAT, 0600);
  if (fd < 0)
    return NULL;
  FILE *stream = fdopen(fd, "r+");
  if (!stream)
    return NULL; // expect: resource-leak "the descriptor 'fd'"
  return stream;
}

int output_to(const char *path) {
  int fd = open(path, O_WRONLY | O_CREAT, 0600);
  if (fd < 0)
    return -1;
  int result = dup2(fd, STDOUT_FILENO) < 0 ? -1 : 0;
  close(fd);
  return result;
}

int output_to_wrong(const char *path) {
  int fd = open(path, O_WRONLY | O_CREAT, 0600);
  if (fd < 0)
    return -1;
  if (dup2(fd, STDOUT_FILENO) < 0)
    return -1; // expect: resource-leak "the descriptor 'fd'"
  close(fd);
  return 0;
}

/* ---- realloc that fails leaves what was there */
char *text_double(const char *from, size_t size) {
  char *text = malloc(size);
  if (!text)
    return NULL;
  memcpy(text, from, size);
  char *larger = realloc(text, size * 2);
  if (!larger) {
    free(text);
    return NULL;
  }
  return larger;
}

char *text_double_wrong(const char *from, size_t size) {
  char *text = malloc(size);
  if (!text)
    return NULL;
  memcpy(text, from, size);
  text = realloc(text, size * 2);
  if (!text)
    return NULL; // expect: resource-leak "is not freed when 'text_double_wrong' returns here"
  return text;
}

/* ---- ladders: each label gives back what the ones above it do not */
int copy(const char *from, const char *to) {
  int result = -1;
  int in = open(from, O_RDONLY);
  if (in < 0)
    goto done;
  int out = open(to, O_WRONLY | O_CREAT, 0600);
  if (out < 0)
    goto opened;
  char *buffer = malloc(4096);
  if (!buffer)
    goto both;
  ssize_t count = read(in, buffer, 4096);
  result = count < 0 || write(out, buffer, (size_t)count) != count ? -1 : 0;
  free(buffer);
both:
  close(out);
opened:
  close(in);
done:
  return result;
}

int copy_wrong(const char *from, const char *to) {
  int result = -1;
  int in = open(from, O_RDONLY);
  if (in < 0)
    goto done;
  int out = open(to, O_WRONLY | O_CREAT, 0600);
  if (out < 0)
    goto opened; // expect: resource-leak "the descriptor 'in'"
  char *buffer = malloc(4096);
  if (!buffer)
    goto both;
  ssize_t count = read(in, buffer, 4096);
  result = count < 0 || write(out, buffer, (size_t)count) != count ? -1 : 0;
  free(buffer);
both:
  close(in);
opened:
  if (out >= 0)
    close(out);
done:
  return result;
}
