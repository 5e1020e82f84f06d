/* A function that fills what it is given, and makes something only for who brings nothing. */
// mechanism: brought
#include <stdlib.h>
#include <string.h>

struct address {
  int family;
  char text[40];
};

struct address *parse(struct address *brought, const char *text) {
  struct address *address = brought;
  if (!address) {
    address = malloc(sizeof *address);
    if (!address)
      return NULL;
  }
  address->family = strchr(text, ':') ? 10 : 2;
  if (strlen(text) >= sizeof address->text) {
    if (!brought)
      free(address);
    return NULL;
  }
  strcpy(address->text, text);
  return address;
}

int into_local(const char *text) {
  struct address here;
  if (!parse(&here, text))
    return -1;
  return here.family;
}

int into_own(const char *text) {
  struct address *own = malloc(sizeof *own);
  int family = -1;
  if (!own)
    return -1;
  if (parse(own, text))
    family = own->family;
  free(own);
  return family;
}

int into_new(const char *text) {
  struct address *new = parse(NULL, text); // note: "opened by 'parse' here"
  if (!new)
    return -1;
  return new->family; // expect: resource-leak@likely "the memory 'new' is not freed"
}

int into_new_right(const char *text) {
  struct address *new = parse(NULL, text);
  int family = new ? new->family : -1;
  free(new);
  return family;
}

/* The parameter itself. */
char *digits(char *into, unsigned value) {
  if (!into && !(into = malloc(12)))
    return NULL;
  into[0] = (char)('0' + value % 10);
  into[1] = '\0';
  return into;
}

int first_digit(unsigned value) {
  char room[12];
  return digits(room, value)[0];
}

int first_digit_lost(unsigned value) {
  char *text = digits(NULL, value);
  return text ? text[0] : 0; // expect: resource-leak@likely "the memory 'text' is not freed"
}
