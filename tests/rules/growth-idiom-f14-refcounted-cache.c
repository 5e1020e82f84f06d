/* G-F14: an entry leaves the cache when the last one gives it back. An icon is counted as well, but
 * nothing happens at zero. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct font {
  char name[32];
  int users;
  struct font *next;
};

struct icon {
  char name[32];
  int users;
  struct icon *next;
};

static struct font *fonts;
static struct icon *icons;

static struct font *font_get(const char *name) {
  for (struct font *font = fonts; font; font = font->next)
    if (strcmp(font->name, name) == 0) {
      font->users++;
      return font;
    }
  struct font *font = calloc(1, sizeof *font);
  if (!font)
    abort();
  strncpy(font->name, name, sizeof font->name - 1);
  font->users = 1;
  font->next = fonts;
  fonts = font;
  return font;
}

static void font_put(struct font *font) {
  if (--font->users > 0)
    return;
  struct font **link = &fonts;
  while (*link != font)
    link = &(*link)->next;
  *link = font->next;
  free(font);
}

static struct icon *icon_get(const char *name) {
  for (struct icon *icon = icons; icon; icon = icon->next)
    if (strcmp(icon->name, name) == 0) {
      icon->users++;
      return icon;
    }
  struct icon *icon = calloc(1, sizeof *icon);
  if (!icon)
    abort();
  strncpy(icon->name, name, sizeof icon->name - 1);
  icon->users = 1;
  icon->next = icons;
  icons = icon; // expect: growth-unbounded "'icons'"
  return icon;
}

static void icon_put(struct icon *icon) {
  if (--icon->users == 0)
    fprintf(stderr, "nobody uses %s\n", icon->name);
}

int main(void) {
  char name[32];
  for (;;) {
    if (scanf("%31s", name) != 1)
      continue;
    struct font *font = font_get(name);
    struct icon *icon = icon_get(name);
    printf("%d %d\n", font->users, icon->users);
    icon_put(icon);
    font_put(font);
  }
}
