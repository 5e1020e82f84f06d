/* What gives back one kind of thing does not give back another. */
// mechanism: kinds
#include <stdio.h>
#include <stdlib.h>

int count(const char *command) {
  FILE *pipe = popen(command, "r");
  int bytes = 0;
  if (!pipe)
    return -1;
  while (fgetc(pipe) != EOF)
    bytes++;
  pclose(pipe);
  return bytes;
}

int count_and_leave_child(const char *command) {
  FILE *pipe = popen(command, "r"); // note: "opened by 'popen' here"
  int bytes = 0;
  if (!pipe)
    return -1;
  while (fgetc(pipe) != EOF)
    bytes++;
  fclose(pipe); // note: "'fclose' gives back other things, and not what 'popen' opens"
  return bytes; // expect: resource-leak "the pipe 'pipe' is not closed"
}

/* A function of the project that knows what it has got. */
struct source {
  FILE *stream;
  int is_pipe;
};

static void close_source(FILE *stream, int is_pipe) {
  if (is_pipe)
    pclose(stream);
  else
    fclose(stream);
}

int first_byte(const char *command) {
  FILE *stream = popen(command, "r");
  if (!stream)
    return -1;
  int byte = fgetc(stream);
  close_source(stream, 1);
  return byte;
}

int first_of_either(const char *name, int is_pipe) {
  FILE *stream = is_pipe ? popen(name, "r") : fopen(name, "r");
  if (!stream)
    return -1;
  int byte = fgetc(stream);
  if (is_pipe)
    pclose(stream);
  else
    fclose(stream);
  return byte;
}
