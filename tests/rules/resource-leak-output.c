/* What a callee opens and leaves in `*out` is its caller's to close, in those outcomes in which the
 * callee left something there.
 */
// mechanism: outputs
// mechanism: other-output
// mechanism: vague-result
// mechanism: opened-instead
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- a status says whether it was opened */

int sock_make(int *out) {
  int sock = socket(AF_INET, SOCK_STREAM, 0);
  if (sock < 0)
    return -errno;
  *out = sock;
  return 0;
}

/* From one output to the next. */
int net_open(const struct sockaddr *address, int *out) {
  int sock;
  int status = sock_make(&sock);
  if (status)
    return status;
  if (connect(sock, address, sizeof *address) < 0) {
    close(sock);
    return -1;
  }
  *out = sock;
  return 0;
}

int net_open_lost(const struct sockaddr *address, int *out) {
  int sock;
  int status = sock_make(&sock); // note: "opened by 'sock_make' here"
  if (status)
    return status;
  if (connect(sock, address, sizeof *address) < 0)
    return -1; // expect: resource-leak "the descriptor 'sock' is not closed"
  *out = sock;
  return 0;
}

/* Handed through. */
int net_open_loudly(const struct sockaddr *address, int *out) {
  int status;
  if ((status = net_open(address, out)) != 0) {
    fprintf(stderr, "cannot connect\n");
    return status;
  }
  return 0;
}

int greet(const struct sockaddr *address) {
  int sock = -1, result = -1;
  if (net_open_loudly(address, &sock) < 0)
    goto out;
  if (write(sock, "hello", 5) != 5)
    goto out;
  result = 0;
out:
  if (sock >= 0)
    close(sock);
  return result;
}

int greet_lost(const struct sockaddr *address) {
  int sock;
  if (net_open_loudly(address, &sock) < 0) // note: "opened by 'net_open_loudly' here"
    return -1;
  if (write(sock, "hello", 5) != 5)
    return -2; // expect: resource-leak "the descriptor 'sock' is not closed"
  close(sock);
  return 0;
}

/* ---- what is in the variable says so */

bool try_open(const char *path, FILE **file) {
  *file = fopen(path, "r");
  return *file != NULL;
}

void open_quietly(int *fd) { *fd = open("quiet", O_RDONLY); }

int first_byte(void) {
  int fd;
  char byte;
  open_quietly(&fd);
  if (fd < 0)
    return -1;
  if (read(fd, &byte, 1) != 1)
    byte = 0;
  close(fd);
  return byte;
}

int first_byte_lost(void) {
  int fd;
  char byte;
  open_quietly(&fd);
  if (fd < 0)
    return -1;
  if (read(fd, &byte, 1) != 1)
    return -2; // expect: resource-leak "the descriptor 'fd' is not closed"
  close(fd);
  return byte;
}

int kind_of(const char *path) {
  FILE *file;
  if (!try_open(path, &file))
    return 0;
  if (fgetc(file) == '#')
    return 1; // expect: resource-leak "the file 'file' is not closed"
  fclose(file);
  return 2;
}

/* ---- given back on the way, or made for somebody else as well */

int read_all(const char *path, char **data, size_t size) {
  FILE *file = fopen(path, "r");
  if (!file)
    return ENOENT;
  *data = malloc(size);
  if (!*data) {
    fclose(file);
    return ENOMEM;
  }
  if (fread(*data, 1, size, file) != size) {
    free(*data);
    fclose(file);
    return EIO; // which is no case in which it is there
  }
  fclose(file);
  return 0;
}

int check(const char *path) {
  char *data;
  if (read_all(path, &data, 4))
    return -1;
  int result = memcmp(data, "head", 4);
  free(data);
  return result;
}

int check_lost(const char *path, bool empty) {
  char *data;
  int status = read_all(path, &data, 4);
  if (status == 0 && !empty) {
    int result = memcmp(data, "head", 4);
    free(data);
    return result;
  }
  return -1; // expect: resource-leak "the memory 'data' is not freed"
}

struct object {
  struct object *next;
  int number;
};

static struct object *all;

int object_make(struct object **out, int number) {
  struct object *object = calloc(1, sizeof *object);
  if (!object)
    return -ENOMEM;
  object->number = number;
  object->next = all;
  all = object; // where others find it
  *out = object;
  return 0;
}

int object_number(int number) {
  struct object *object;
  if (object_make(&object, number))
    return -1;
  return object->number;
}

/* ---- one of two outputs, and what an output held before the call */

extern int lookup(const char *name, struct object **found);

int find_or_name(const char *name, struct object **found, char **text) {
  int status = 0;
  *found = NULL;
  *text = NULL;
  if (!lookup(name, found)) {
    status = -1;
    goto done;
  }
  if (*found == NULL) {
    *text = strdup(name);
  } else if ((*found)->number == 1) {
    *text = strdup("one");
    *found = NULL;
  }
done:
  return status;
}

int use_either(const char *name) {
  struct object *found;
  char *text;
  int status = find_or_name(name, &found, &text);
  if (found != NULL) // then there is no text
    return found->number;
  free(text);
  return status;
}

/* A text of the error, and only then. */
static int run_command(const char *command, char **error) {
  if (system(command) == 0)
    return 1;
  if (error)
    *error = strdup("failed");
  return 0;
}

int run(const char *command) {
  char *error = NULL;
  if (run_command(command, &error))
    return 0;
  fprintf(stderr, "%s\n", error);
  free(error);
  return 1;
}

int run_lost(const char *command, bool quietly) {
  char *error = NULL;
  if (run_command(command, &error))
    return 0;
  if (quietly)
    return 1; // expect: resource-leak "the memory 'error' is not freed"
  fprintf(stderr, "%s\n", error);
  free(error);
  return 1;
}

/* Two at once: where the one is missing, so is the other. */
static char *copy(const char *text) {
  char *made = malloc(strlen(text) + 1);
  if (!made)
    abort();
  memcpy(made, text, strlen(text) + 1);
  return made;
}

static void split_name(const char *name, char **first, char **second) {
  const char *dot = strchr(name, '.');
  *first = NULL;
  *second = NULL;
  if (!dot)
    return;
  *first = copy(name);
  *second = copy(dot + 1);
}

int use_both(const char *name) {
  char *first, *second;
  split_name(name, &first, &second);
  if (!first)
    return 0;
  int length = (int)strlen(first);
  free(first);
  free(second);
  return length;
}

int use_both_lost(const char *name) {
  char *first, *second;
  split_name(name, &first, &second);
  if (!first)
    return 0;
  int length = (int)strlen(first);
  free(first);
  if (length > 10)
    return 0; // expect: resource-leak "the memory 'second' is not freed"
  free(second);
  return length;
}

/* Tried again: what it holds at the end is neither's. */
static bool sock_try(int *fd) {
  *fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (*fd < 0 && errno == EINVAL)
    *fd = socket(AF_INET, SOCK_STREAM, 0);
  if (*fd < 0)
    return false;
  return true;
}

int ping(const struct sockaddr *address) {
  int fd;
  if (!sock_try(&fd))
    return -1;
  int result = connect(fd, address, sizeof *address);
  close(fd);
  return result;
}

/* What was read through is no null pointer: the result says whether there is a part. */
static const char *next_part(const char *path, char **part) {
  while (*path == '/')
    path++;
  if (!*path)
    return NULL;
  const char *start = path;
  while (*path && *path != '/')
    path++;
  *part = strndup(start, (size_t)(path - start));
  return path;
}

int depth_of(const char *path) {
  int depth = 0;
  char *part;
  while ((path = next_part(path, &part))) {
    depth++;
    free(part);
  }
  return depth;
}

/* The second is a part of the first, or stands beside it: there is one whenever there is the other. */
static int names_of(const char *host, char **whole, char **part) {
  char *name = strdup(host), *first;
  if (!name)
    return -1;
  const char *dot = strchr(name, '.');
  if (dot) {
    first = strndup(name, (size_t)(dot - name));
    if (!first) {
      free(name);
      return -1;
    }
  } else {
    first = name;
  }
  *whole = name;
  *part = first;
  return 0;
}

extern void use_names(const char *whole, const char *part);

int show_names(const char *host) {
  char *whole = NULL, *part = NULL;
  if (names_of(host, &whole, &part) != 0)
    return -1;
  if (whole && part) {
    use_names(whole, part);
    if (whole != part)
      free(part);
    free(whole);
  }
  return 0;
}

/* The length, or what went wrong: that a length is not negative nobody has to prove. */
static int quoted(const char *text, char **out) {
  int length = 2;
  char *made = malloc(2 * strlen(text) + 3);
  if (!made)
    return -1;
  for (const char *at = text; *at; at++)
    length += *at == '"' ? 2 : 1;
  *out = made;
  return length;
}

int print_quoted(const char *text) {
  char *made;
  int length = quoted(text, &made);
  if (length == -1)
    return -1;
  int result = write(1, made, (size_t)length) == length ? 0 : -1;
  free(made);
  return result;
}

int print_quoted_lost(const char *text) {
  char *made;
  int length = quoted(text, &made);
  if (length < 0)
    return -1;
  if (length > 100)
    return -2; // expect: resource-leak "the memory 'made' is not freed"
  int result = write(1, made, (size_t)length) == length ? 0 : -1;
  free(made);
  return result;
}

/* There is an error, or there is a text: its length says nothing of that. */
typedef struct {
  char text[40];
} Failure;

extern size_t measure(const char *text, Failure **failure);

static void decode(const char *text, char **out, size_t *length, Failure **failure) {
  char *made = malloc(strlen(text) + 1);
  if (!made)
    abort();
  *length = measure(text, failure);
  *out = made;
  if (!*length) {
    free(made);
    *out = NULL;
  }
}

int show_decoded(const char *text) {
  Failure *failure = NULL;
  char *out = NULL;
  size_t length;
  decode(text, &out, &length, &failure);
  if (failure)
    return -1;
  use_names(out, out);
  free(out);
  return 0;
}

int show_decoded_lost(const char *text) {
  Failure *failure = NULL;
  char *out = NULL;
  size_t length;
  decode(text, &out, &length, &failure);
  if (failure)
    return -1;
  if (length == 12)
    return -2; // expect: resource-leak "the memory 'out' is not freed"
  use_names(out, out);
  free(out);
  return 0;
}

/* ---- a result that means that there was nothing */

enum { OK, AT_END, NO_MEMORY, NOT_FOUND, DENIED, BROKEN, NO_SPACE };

struct records {
  char **at;
  int next, count;
  int (*check)(const char *);
};

static int check_record(const struct records *r) {
  if (r->count == 7)
    return NOT_FOUND;
  if (r->count == 8)
    return DENIED;
  if (r->count == 9)
    return NO_SPACE;
  return errno == EIO ? BROKEN : OK;
}

static int next_record(struct records *r, char **out) {
  if (r->next == r->count)
    return AT_END;
  char *copy = strdup(r->at[r->next++]);
  if (!copy)
    return NO_MEMORY;
  *out = copy;
  return check_record(r);
}

int show_records(struct records *r) {
  for (;;) {
    char *one;
    int result = next_record(r, &one);
    if (result == AT_END)
      break;
    if (result == NO_MEMORY)
      return -1;
    if (result)
      return -2; // expect: resource-leak@likely "the memory 'one' is not freed"
    if (r->check)
      r->next += r->check(one);
    free(one);
  }
  return 0;
}

static int received(char **out, unsigned long limit) {
  if (limit < 3)
    return -1;
  *out = malloc(limit);
  if (!*out)
    return -1;
  return (int)recv(0, *out, limit, 0);
}

int show_received(unsigned long limit) {
  char *text;
  int length = received(&text, limit);
  if (length < 0)
    return -1;
  use_names(text, text);
  free(text);
  return 0;
}

/* ---- what was left besides says that there is nothing */

struct entry {
  const char *name;
  int is_optional;
};

static int encode_entry(const struct entry *entry, char **out, size_t *length) {
  if (entry->is_optional) {
    *out = NULL;
    *length = 0;
    return 0;
  }
  size_t size = strlen(entry->name);
  char *made = malloc(size);
  if (!made)
    return -1;
  memcpy(made, entry->name, size);
  *out = made;
  *length = size;
  return 0;
}

int encode(const struct entry *entries, char *result) {
  char *one = NULL;
  size_t length;
  for (int i = 0; entries[i].name; i++) {
    if (encode_entry(&entries[i], &one, &length))
      return -1;
    if (!length)
      continue;
    memcpy(result, one, length);
    free(one);
  }
  return 0;
}

int encode_lost(const struct entry *entries, char *result, size_t room) {
  char *one = NULL;
  size_t length;
  for (int i = 0; entries[i].name; i++) {
    if (encode_entry(&entries[i], &one, &length))
      return -1;
    if (length > room)
      return -2; // expect: resource-leak@likely "the memory 'one' is not freed"
    memcpy(result, one, length);
    free(one);
  }
  return 0;
}
