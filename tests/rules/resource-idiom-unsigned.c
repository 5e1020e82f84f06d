/* A descriptor that is kept in a variable without a sign: -1 is the largest of its values. */
// mechanism: unsigned
#include <fcntl.h>
#include <unistd.h>

int copies(const char *path, int fast) {
  unsigned int fd;
  fd = open(path, O_RDONLY); // note: "opened by 'open' here"
  if (fd == (unsigned)-1)
    return 0;
  if (fast)
    return 2; // expect: resource-leak "the descriptor 'fd' is not closed"
  close((int)fd);
  return 1;
}

int copies_and_closes(const char *path, int fast) {
  unsigned int fd;
  fd = open(path, O_RDONLY);
  if (fd != -1U) {
    if (fast)
      lseek((int)fd, 0, SEEK_SET);
    close((int)fd);
    return 1;
  }
  return fast ? -1 : 0;
}

int copies_short(const char *path, int fast) {
  unsigned short fd = (unsigned short)open(path, O_RDONLY);
  if (fd == 0xffff) {
    if (fast)
      return -1;
    return 0;
  }
  close(fd);
  return 1;
}
