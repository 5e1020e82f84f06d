/* One way out forgets what the others give back, next to functions that do it right. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static int checks(const char *text) { return text[0] - text[1]; }

int reads_header(const char *path) {
  FILE *file = fopen(path, "r"); // note: "opened by 'fopen' here"
  char line[80];
  if (!file)
    return -1;
  if (!fgets(line, sizeof line, file))
    return -2; // expect: resource-leak@likely "the file 'file' is not closed when 'reads_header' returns here"
  fclose(file); // note: "another way gives it back here"
  return checks(line);
}

int reads_header_right(const char *path) {
  FILE *file = fopen(path, "r");
  char line[80];
  if (!file)
    return -1;
  if (!fgets(line, sizeof line, file)) {
    fclose(file);
    return -2;
  }
  fclose(file);
  return checks(line);
}

int connects(const struct sockaddr *address, socklen_t length) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0)
    return -1;
  if (connect(fd, address, length) < 0)
    return -1; // expect: resource-leak@likely "the descriptor 'fd'"
  return fd;
}

int connects_right(const struct sockaddr *address, socklen_t length) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd == -1)
    return -1;
  if (connect(fd, address, length) == -1) {
    close(fd);
    return -1;
  }
  return fd;
}

int counts(const char *path, int limit) {
  DIR *folder = opendir(path);
  int count = 0;
  if (!folder)
    return -1;
  while (readdir(folder))
    if (++count > limit)
      return limit; // expect: resource-leak@likely "the directory 'folder'"
  closedir(folder);
  return count;
}

int counts_right(const char *path, int limit) {
  DIR *folder = opendir(path);
  int count = 0;
  if (!folder)
    return -1;
  while (readdir(folder))
    if (++count > limit)
      break;
  closedir(folder);
  return count;
}

char *joins(const char *a, const char *b) {
  char *text = malloc(strlen(a) + strlen(b) + 1);
  if (!text)
    return NULL;
  strcpy(text, a);
  if (!checks(b))
    return NULL; // expect: resource-leak@likely "the memory 'text' is not freed"
  strcat(text, b);
  return text;
}

/* An error ladder with one rung too few. */
int copies(const char *from, const char *to) {
  int result = -1;
  FILE *in, *out;
  char *buffer = malloc(4096);
  if (!buffer)
    return -1;
  in = fopen(from, "r");
  if (!in)
    goto no_input;
  out = fopen(to, "w");
  if (!out)
    goto no_input; // expect: resource-leak@likely "the file 'in'"
  size_t n = fread(buffer, 1, 4096, in);
  result = fwrite(buffer, 1, n, out) == n ? 0 : -1;
  fclose(out);
  fclose(in);
no_input:
  free(buffer);
  return result;
}

int copies_right(const char *from, const char *to) {
  int result = -1;
  FILE *in = NULL, *out = NULL;
  char *buffer = malloc(4096);
  if (!buffer)
    goto done;
  in = fopen(from, "r");
  if (!in)
    goto done;
  out = fopen(to, "w");
  if (!out)
    goto done;
  size_t n = fread(buffer, 1, 4096, in);
  result = fwrite(buffer, 1, n, out) == n ? 0 : -1;
done:
  if (out)
    fclose(out);
  if (in)
    fclose(in);
  free(buffer);
  return result;
}

int maps(int fd, size_t size) {
  char *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (bytes == MAP_FAILED)
    return -1;
  if (*bytes != 'x')
    return 1; // expect: resource-leak@likely "the mapping 'bytes' is not unmapped"
  munmap(bytes, size);
  return 0;
}

int both_ends(int *kept) {
  int ends[2];
  if (pipe(ends))
    return -1;
  if (write(ends[1], "x", 1) != 1)
    return -1; // expect: resource-leak@likely "the descriptor 'ends'"
  close(ends[1]);
  *kept = ends[0];
  return 0;
}

int overwrites(const char *a, const char *b) {
  char *text = strdup(a);
  if (!text)
    return -1;
  if (checks(text))
    text = strdup(b); // expect: resource-leak@likely "the last name of the memory 'text' is overwritten here"
  int result = checks(text);
  free(text);
  return result;
}

/* Each round opens another one. */
int every_round(char **paths, int count) {
  int sum = 0;
  for (int i = 0; i < count; i++) {
    int fd = open(paths[i], O_RDONLY); // expect: resource-leak@likely "the last name of the descriptor 'fd'"
    char byte;
    if (fd < 0)
      continue;
    if (read(fd, &byte, 1) != 1)
      continue;
    sum += byte;
    close(fd);
  }
  return sum;
}
