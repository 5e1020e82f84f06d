/* What others send makes something longer, for as long as they go on sending: a line without an
 * end, a header that is continued again and again. Where a test of the length, of the space or of
 * what is still to come decides, nothing is said. */
// run: --min-confidence info
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LONGEST = 8192, MOST_WORDS = 64 };

struct text {
  char *bytes;
  size_t length, space;
};

struct word {
  struct word *next;
  char bytes[32];
};

struct words {
  struct word *first;
  int count;
};

static void text_add(struct text *text, char byte) {
  if (text->length == text->space) {
    text->space = text->space ? text->space * 2 : 64;
    text->bytes = realloc(text->bytes, text->space);
    if (!text->bytes)
      abort();
  }
  text->bytes[text->length++] = byte;
}

static void text_clear(struct text *text) { text->length = 0; }

static size_t text_length(const struct text *text) { return text->length; }

/* ---- a line */

static char *line_of(int peer) {
  struct text line = {0};
  char byte;
  for (;;) {
    if (recv(peer, &byte, 1, 0) != 1)
      break;
    text_add(&line, byte); // expect: growth-unbounded@possible "'line' gets longer"
    if (byte == '\n')
      break;
  }
  return line.bytes;
}

static char *short_line_of(int peer) {
  struct text line = {0};
  char byte;
  for (;;) {
    if (recv(peer, &byte, 1, 0) != 1 || line.length >= LONGEST)
      break;
    text_add(&line, byte);
    if (byte == '\n')
      break;
  }
  return line.bytes;
}

static char *cut_line_of(int peer) { // what is too long is left out
  struct text line = {0};
  char byte;
  for (;;) {
    if (recv(peer, &byte, 1, 0) != 1)
      break;
    if (text_length(&line) < LONGEST)
      text_add(&line, byte);
    if (byte == '\n')
      break;
  }
  return line.bytes;
}

static char *counted_line_of(int peer) {
  struct text line = {0};
  char byte;
  for (int read = 0; recv(peer, &byte, 1, 0) == 1; read++) {
    if (read > LONGEST)
      break;
    text_add(&line, byte);
    if (byte == '\n')
      break;
  }
  return line.bytes;
}

static char *body_of(int peer, size_t left) { // as long as was said before
  struct text body = {0};
  char byte;
  while (left > 0 && recv(peer, &byte, 1, 0) == 1) {
    text_add(&body, byte);
    left--;
  }
  return body.bytes;
}

static void echo(int peer) { // one line at a time, and the last one may be anything
  struct text line = {0};
  char byte;
  while (recv(peer, &byte, 1, 0) == 1) {
    text_clear(&line);
    text_add(&line, byte);
    send(peer, line.bytes, line.length, 0);
  }
  free(line.bytes);
}

static int fill(int peer, char *bytes, int size) { return (int)recv(peer, bytes, (size_t)size, 0); }

static void note_only(int peer) { // nothing of what comes is put in
  struct text dots = {0};
  char bytes[64];
  while (fill(peer, bytes, sizeof bytes) > 0)
    text_add(&dots, '.');
  send(peer, dots.bytes, dots.length, 0);
  free(dots.bytes);
}

/* ---- elements */

static void word_add(struct words *words, const char *bytes) {
  struct word *word = calloc(1, sizeof *word);
  if (!word)
    abort();
  memcpy(word->bytes, bytes, sizeof word->bytes);
  word->next = words->first;
  words->first = word;
  words->count++;
}

static void words_free(struct words *words) {
  while (words->first) {
    struct word *next = words->first->next;
    free(words->first);
    words->first = next;
  }
}

static void words_of(int peer) {
  struct words words = {0};
  char bytes[32];
  while (fill(peer, bytes, sizeof bytes) == sizeof bytes)
    word_add(&words, bytes); // expect: growth-unbounded@possible "'words' gets longer"
  words_free(&words);
}

static void few_words_of(int peer) {
  struct words words = {0};
  char bytes[32];
  while (fill(peer, bytes, sizeof bytes) == sizeof bytes) {
    if (words.count == MOST_WORDS)
      break;
    word_add(&words, bytes);
  }
  words_free(&words);
}

/* ---- a block that is moved */

static char *folded(int peer) {
  char *header = NULL, line[256];
  size_t length = 0, space = 0;
  for (;;) {
    int got = fill(peer, line, sizeof line);
    if (got <= 0)
      break;
    size_t needed = length + (size_t)got;
    if (needed > space) {
      space += space;
      if (needed > space)
        space = needed;
      char *larger = malloc(space);
      if (!larger)
        abort();
      if (header)
        memcpy(larger, header, length);
      free(header);
      header = larger; // expect: growth-unbounded@possible "'header' gets longer"
    }
    memcpy(header + length, line, (size_t)got);
    length += (size_t)got;
    if (line[got - 1] != '\\')
      break;
  }
  return header;
}

static char *folded_to(int peer) {
  char *header = NULL, line[256];
  size_t length = 0, space = 0;
  for (;;) {
    int got = fill(peer, line, sizeof line);
    if (got <= 0)
      break;
    size_t needed = length + (size_t)got;
    if (needed - 1 > LONGEST)
      break;
    if (needed > space) {
      space = needed * 2;
      header = realloc(header, space);
      if (!header)
        abort();
    }
    memcpy(header + length, line, (size_t)got);
    length += (size_t)got;
    if (line[got - 1] != '\\')
      break;
  }
  return header;
}

static void largest_of(int peer) { // as large as the largest one, and not as all of them
  char *answer = NULL, size;
  while (recv(peer, &size, 1, 0) == 1) {
    answer = realloc(answer, (size_t)size);
    if (!answer)
      abort();
    send(peer, answer, (size_t)size, 0);
  }
  free(answer);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    int peer = accept(listener, NULL, NULL);
    free(line_of(peer));
    free(short_line_of(peer));
    free(cut_line_of(peer));
    free(counted_line_of(peer));
    free(body_of(peer, 100));
    echo(peer);
    note_only(peer);
    words_of(peer);
    few_words_of(peer);
    free(folded(peer));
    free(folded_to(peer));
    largest_of(peer);
    close(peer);
  }
}
