/* Branches that say whether there is anything to give back, in other words than the call that
 * opened it: through a function that is given what the call has left besides, or as what was asked
 * before, which only somebody far below may have written.
 */
// mechanism: outcome-handed
// mechanism: outcome-of-argument
// mechanism: asked-before
// mechanism: translated
// mechanism: unsigned
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct Error {
  char text[80];
} Error;

struct entry {
  int number;
  struct entry *next;
};

extern int entry_count(void);
extern void show(int number);
extern int put_number(int fd);

static void set_error(Error **errp, const char *text) {
  if (!errp)
    return;
  *errp = calloc(1, sizeof **errp);
  if (*errp)
    strncpy((*errp)->text, text, sizeof(*errp)->text - 1);
}

struct entry *query_entries(Error **errp) {
  struct entry *list = NULL;
  if (!entry_count()) {
    set_error(errp, "there is none");
    return NULL;
  }
  list = calloc(1, sizeof *list);
  return list;
}

static bool report(Error *error) {
  if (!error)
    return false;
  fprintf(stderr, "error: %s\n", error->text);
  free(error);
  return true;
}

/* Nothing was made where there is an error. */
void show_entries(void) {
  Error *error = NULL;
  struct entry *list = query_entries(&error);
  if (report(error))
    return;
  show(list->number);
  free(list);
}

/* No error, and it is lost. */
void show_entries_lost(bool quietly) {
  Error *error = NULL;
  struct entry *list = query_entries(&error);
  if (report(error))
    return;
  if (quietly)
    return; // expect: resource-leak "'list'"
  show(list->number);
  free(list);
}

/* ---- a status that goes through functions of its own */

static int is_error(long status) { return (unsigned long)status >= (unsigned long)-4095; }

static long with_errno(long status) {
  if (status == -1)
    return -errno;
  return status;
}

long make_pipe(int flags) {
  int ends[2];
  long status = pipe2(ends, flags);
  if (is_error(status))
    return with_errno(status);
  if (put_number(ends[0]) || put_number(ends[1]))
    return -EFAULT;
  return 0;
}

long make_pipe_later(int flags) {
  int ends[2];
  long status = with_errno(pipe2(ends, flags));
  if (!is_error(status)) {
    put_number(ends[0]);
    put_number(ends[1]);
  }
  return status;
}

/* The other way round. */
long make_pipe_lost(int flags) {
  int ends[2];
  long status = pipe2(ends, flags);
  if (is_error(status))
    return with_errno(status);
  if (flags)
    return 0; // expect: resource-leak "'ends'"
  put_number(ends[0]);
  put_number(ends[1]);
  return status;
}

/* ---- asked before */

struct vector {
  char *base;
  int count;
  size_t size;
};

struct image {
  struct image *below;
};

static void vector_init(struct vector *vector, size_t size) {
  vector->count = 1;
  vector->size = size;
}

static int read_part(struct image *image, char *to, size_t size) {
  struct vector part;
  vector_init(&part, size);
  to[0] = 0;
  return put_number(image->below == NULL) ? (int)part.size : -1;
}

static int read_below(struct image *image, char *to, size_t size) {
  return read_part(image->below, to, size);
}

/* One piece is read where it is to go, more by way of a buffer. */
int image_read(struct image *image, struct vector *vector) {
  char *buffer, *whole;
  if (vector->count > 1) {
    whole = buffer = malloc(vector->size);
    if (!buffer)
      return -ENOMEM;
  } else {
    whole = NULL;
    buffer = vector->base;
  }
  int got = 0;
  for (size_t left = vector->size; left && got >= 0; left -= (size_t)got) {
    got = read_below(image, buffer, left);
    buffer += got;
  }
  if (vector->count > 1) {
    memcpy(vector->base, whole, vector->size);
    free(whole);
  }
  return got;
}

/* The function itself makes it one. */
int image_read_lost(struct image *image, struct vector *vector) {
  char *buffer, *whole;
  if (vector->count > 1) {
    whole = buffer = malloc(vector->size);
    if (!buffer)
      return -ENOMEM;
  } else {
    whole = NULL;
    buffer = vector->base;
  }
  int got = read_below(image, buffer, vector->size);
  vector->count = got > 0;
  if (vector->count > 1) {
    memcpy(vector->base, whole, vector->size);
    free(whole);
  }
  return got; // expect: resource-leak "'buffer'"
}

/* ---- a number without a sign is not below zero */

struct reply {
  uint8_t ended;
};

struct request {
  void *private;
  struct request *next;
};

extern void cancel(struct request *, struct reply *);

void cancel_all(struct request *first) {
  uint32_t count = 0;
  struct reply *reply = malloc(sizeof *reply);
  if (!reply)
    return;
  for (struct request *r = first; r; r = r->next)
    if (r->private) {
      count++;
      cancel(r, reply);
    }
  if (reply->ended < count)
    return;
  free(reply);
}

/* What is left besides says that nothing was read, in each round: the next one makes another. */
enum { READ_ONE, READ_NONE, READ_BAD };

static struct entry *read_entry(int *status) {
  struct entry *entry = calloc(1, sizeof *entry);
  if (!entry)
    abort();
  entry->number = getchar();
  if (entry->number == '#') {
    free(entry);
    *status = READ_NONE;
    return NULL;
  }
  if (entry->number == EOF) {
    free(entry);
    *status = READ_BAD;
    return NULL;
  }
  *status = READ_ONE;
  return entry;
}

void show_next(void) {
  struct entry *entry;
  int status;
  while (1) {
    entry = read_entry(&status);
    if (status != READ_NONE)
      break;
  }
  if (status == READ_BAD)
    exit(1);
  show(entry->number);
  free(entry);
}

void show_next_but_one(void) {
  struct entry *entry;
  int status;
  while (1) {
    entry = read_entry(&status); // expect: resource-leak "the last name of the memory 'entry' is overwritten here"
    if (entry_count() > 0)
      break;
  }
  show(entry->number);
  free(entry);
}

extern const char *find_link(const char *path, int *error);

static char *copy_or_null(const char *text) { return text ? strdup(text) : NULL; }

/* Where there is an error, nothing was found that could have been copied. */
int follow_link(const char *path) {
  int error, result = 0;
  char *to = copy_or_null(find_link(path, &error));
  if (error == 2) {
    to = strdup(path);
  } else if (error) {
    result = -1;
    goto done;
  }
  if (to)
    show(to[0]);
done:
  free(to);
  return result;
}

int follow_other(const char *path, int mode) {
  int error, result = 0;
  char *to = copy_or_null(find_link(path, &error)); // note: "opened by 'copy_or_null' here"
  if (mode == 2) {
    to = strdup(path); // expect: resource-leak "the last name of the memory 'to' is overwritten here"
  } else if (error) {
    result = -1;
    goto done;
  }
  if (to)
    show(to[0]);
done:
  free(to); // note: "another way gives it back here"
  return result;
}

/* ---- an error that another one is made of */

extern int translated(int error);
extern int look_up(const char *path, int *number);

int open_number(const char *path, int *number) {
  int fd = open(path, O_RDONLY);
  if (fd < 0)
    return -1;
  int result = 0, error = look_up(path, number);
  if (error) {
    result = translated(error);
    goto out;
  }
  *number = fd;
  return 0;
out:
  if (result)
    close(fd);
  return result;
}

int open_number_wrong(const char *path, int *number) {
  int fd = open(path, O_RDONLY); // note: "opened by 'open' here"
  if (fd < 0)
    return -1;
  int result = 0, error = look_up(path, number);
  if (error) {
    result = entry_count();
    goto out;
  }
  *number = fd;
  return 0;
out:
  if (result)
    close(fd);   // note: "another way gives it back here"
  return result; // expect: resource-leak "'fd' is not closed"
}

/* ---- what the function writes only after it has asked again */

struct label {
  char *name;
  int number;
};
static int drop_name(struct label *label) {
  if (label->number > 100)
    label->name = NULL;
  return label->number;
}

static int drop_many(struct label *label) { return drop_name(label) + 1; }

static int renumbered(struct label *label) {
  label->number++;
  return drop_many(label);
}

int set_name(struct label *label, const char *name) {
  char *new_name = NULL;
  if (!label->name) {
    new_name = strdup(name);
    if (!new_name)
      return -1;
  }
  if (renumbered(label)) {
    free(new_name);
    return -1;
  }
  if (!label->name)
    label->name = new_name;
  return 0;
}
