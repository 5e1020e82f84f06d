/* What is kept in memory that was allocated in the same function goes where that goes; and is lost
 * when the memory is freed by somebody who does not give it back. */
// mechanism: contents
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct feed {
  int fd;
  char *name;
  FILE *log;
  struct feed *next;
};
static struct feed *feeds;

struct feed *feed_open(const char *path) {
  struct feed *feed = calloc(1, sizeof *feed);
  if (!feed)
    return NULL;
  feed->fd = open(path, O_RDONLY);
  if (feed->fd < 0) {
    free(feed);
    return NULL;
  }
  feed->name = strdup(path);
  if (!feed->name) {
    close(feed->fd);
    free(feed);
    return NULL;
  }
  return feed;
}

struct feed *feed_open_wrong(const char *path) {
  struct feed *feed = calloc(1, sizeof *feed);
  if (!feed)
    return NULL;
  feed->fd = open(path, O_RDONLY); // note: "opened by 'open' here"
  if (feed->fd < 0) {
    free(feed);
    return NULL;
  }
  feed->name = strdup(path);
  if (!feed->name) {
    free(feed); // expect: resource-leak "the descriptor 'fd' is not closed before the memory that it is kept in is freed here"
    return NULL;
  }
  return feed;
}

struct feed *feed_logged_wrong(const char *path) {
  struct feed *feed = calloc(1, sizeof *feed);
  if (!feed)
    return NULL;
  feed->name = strdup(path);
  if (!feed->name)
    goto failed;
  feed->log = fopen(path, "a");
  if (!feed->log)
    goto failed;
  return feed;
failed:
  free(feed); // expect: resource-leak "the memory 'name' is not freed before"
  return NULL;
}

struct feed *feed_logged(const char *path) {
  struct feed *feed = calloc(1, sizeof *feed);
  if (!feed)
    return NULL;
  feed->name = strdup(path);
  if (!feed->name)
    goto failed;
  feed->log = fopen(path, "a");
  if (!feed->log)
    goto named;
  return feed;
named:
  free(feed->name);
failed:
  free(feed);
  return NULL;
}

/* A destructor that gives back all of it, and one that forgets the descriptor. */
static void feed_drop(struct feed *feed) {
  close(feed->fd);
  free(feed->name);
  free(feed);
}

static void feed_forget(struct feed *feed) {
  free(feed->name);
  free(feed);
}

struct feed *feed_dropped(const char *path) {
  struct feed *feed = calloc(1, sizeof *feed);
  if (!feed)
    return NULL;
  if ((feed->fd = open(path, O_RDONLY)) < 0) {
    free(feed);
    return NULL;
  }
  if (!(feed->name = strdup(path))) {
    feed_drop(feed);
    return NULL;
  }
  return feed;
}

struct feed *feed_forgotten(const char *path) {
  struct feed *feed = calloc(1, sizeof *feed);
  if (!feed)
    return NULL;
  if ((feed->fd = open(path, O_RDONLY)) < 0) {
    free(feed);
    return NULL;
  }
  if (!(feed->name = strdup(path))) {
    feed_forget(feed); // expect: resource-leak "the descriptor 'fd' is not closed before"
    return NULL;
  }
  return feed;
}

/* Others know it by then. */
struct feed *feed_listed(const char *path) {
  struct feed *feed = calloc(1, sizeof *feed);
  if (!feed)
    return NULL;
  feed->next = feeds;
  feeds = feed;
  feed->fd = open(path, O_RDONLY);
  feed->name = strdup(path);
  if (!feed->name) {
    feeds = feed->next;
    free(feed);
    return NULL;
  }
  return feed;
}

/* Closed by way of a variable, or handed on before the memory is freed. */
int feed_size(const char *path) {
  struct feed *feed = malloc(sizeof *feed);
  if (!feed)
    return -1;
  int fd = feed->fd = open(path, O_RDONLY);
  off_t size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
  if (fd >= 0)
    close(fd);
  free(feed);
  return (int)size;
}

char *feed_name(const char *path) {
  struct feed *feed = malloc(sizeof *feed);
  if (!feed)
    return NULL;
  feed->name = strdup(path);
  char *name = feed->name;
  free(feed);
  return name;
}

/* Its own address is handed out with it. */
struct chunk {
  char *at;
  size_t size;
};

void chunk_for(struct chunk *out, size_t size) {
  struct chunk *chunk = malloc(sizeof *chunk + size);
  if (!chunk)
    abort();
  chunk->at = (char *)(chunk + 1);
  chunk->size = size;
  *out = *chunk;
}
