/* draw.c - the strokes that pictures are made of, see draw.h. */
#include "picture/draw.h"

#include <stdarg.h>

#include "picture/picture.h"

enum { BETWEEN = 26 }; // pictures of a sheet

static void put_id(const Canvas *c, const char *what) {
  fprintf(c->out, "picture-%s", what);
  if (c->number)
    fprintf(c->out, "-%u", c->number);
}

static void put_said(const Canvas *c, const char *element, const char *what, const char *text) {
  fprintf(c->out, "<%s id=\"", element);
  put_id(c, what);
  fputs("\">", c->out);
  picture_put_escaped(c->out, text);
  fprintf(c->out, "</%s>\n", element);
}

void draw_begin(Canvas *c, int height, const char *title, const char *description) {
  enum { LONGEST_TITLE = 400, LONGEST_TEXT = 2000 };
  fputs("<svg class=\"picture\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"", c->out);
  if (c->number)
    fprintf(c->out, " x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\"", c->top, DRAW_WIDTH, height);
  fprintf(c->out, " viewBox=\"0 0 %d %d\" aria-labelledby=\"", DRAW_WIDTH, height);
  put_id(c, "title");
  fputc(' ', c->out);
  put_id(c, "text");
  fputs("\">\n", c->out);
  put_said(c, "title", "title", picture_fit(c->arena, title, LONGEST_TITLE));
  put_said(c, "desc", "text", picture_fit(c->arena, description, LONGEST_TEXT));
  c->top += height + BETWEEN;
}

void draw_end(const Canvas *c) { fputs("</svg>\n", c->out); }

static void put_text(const Canvas *c, Box at, const char *anchor, const char *class,
                     const char *text) {
  fprintf(c->out, "<text x=\"%d\" y=\"%d\"%s class=\"%s\">", at.x, at.y, anchor, class);
  picture_put_escaped(c->out, text);
  fputs("</text>\n", c->out);
}

void draw_text(const Canvas *c, int x, int y, const char *class, const char *text) {
  put_text(c, (Box){.x = x, .y = y}, "", class, text);
}

void draw_text_at_end(const Canvas *c, int x, int y, const char *class, const char *text) {
  put_text(c, (Box){.x = x, .y = y}, " text-anchor=\"end\"", class, text);
}

void draw_box(const Canvas *c, Box box, int radius, const char *class) {
  fprintf(c->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\" class=\"%s\"/>\n",
          box.x, box.y, box.width, box.height, radius, class);
}

void draw_path(const Canvas *c, const char *class, const char *format, ...) {
  va_list rest;
  va_start(rest, format);
  fprintf(c->out, "<path class=\"%s\" d=\"", class);
  vfprintf(c->out, format, rest);
  fputs("\"/>\n", c->out);
  va_end(rest);
}

void draw_tip_down(const Canvas *c, int x, int y, const char *class) {
  draw_path(c, class, "M%d,%d l-5,-8 h10 z", x, y);
}

void draw_tip_right(const Canvas *c, int x, int y, const char *class) {
  draw_path(c, class, "M%d,%d l-8,-5 v10 z", x, y);
}
