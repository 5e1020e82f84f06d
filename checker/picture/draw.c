/* draw.c - the strokes that pictures are made of, see draw.h. */
#include "picture/draw.h"

#include <stdarg.h>

#include "picture/picture.h"

void draw_begin(const Canvas *c, int height, const char *title, const char *description) {
  fprintf(c->out,
          "<svg class=\"picture\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
          "viewBox=\"0 0 %d %d\" aria-labelledby=\"picture-title picture-text\">\n"
          "<title id=\"picture-title\">",
          DRAW_WIDTH, height);
  picture_put_escaped(c->out, picture_fit(c->arena, title, 400));
  fputs("</title>\n<desc id=\"picture-text\">", c->out);
  picture_put_escaped(c->out, picture_fit(c->arena, description, 2000));
  fputs("</desc>\n", c->out);
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
