/* picture.c - see picture.h */
#include "report/picture.h"

#include "report/inside.h"

enum { LETTER = 8 }; // width of one, of the largest fonts that a viewer may take

void picture_put_quoted(FILE *out, const char *text) {
  fputc('"', out);
  for (; *text; text++) {
    if (*text == '"' || *text == '\\')
      fputc('\\', out);
    if (*text == '\n')
      fputs("\\n", out);
    else
      fputc((unsigned char)*text < ' ' ? '?' : *text, out);
  }
  fputc('"', out);
}

void picture_put_escaped(FILE *out, const char *text) {
  for (; *text; text++)
    switch (*text) {
    case '<':
      fputs("&lt;", out);
      break;
    case '>':
      fputs("&gt;", out);
      break;
    case '&':
      fputs("&amp;", out);
      break;
    case '"':
      fputs("&quot;", out);
      break;
    default:
      fputc(*text, out);
    }
}

void picture_put_text(FILE *out, Arena *arena, PicturePlace at, const char *text) {
  fprintf(out, "  <text x=\"%u\" y=\"%u\" class=\"%s\">", at.x, at.y, at.class);
  picture_put_escaped(out, visible(arena, text));
  fputs("</text>\n", out);
}

uint32_t picture_wider(Arena *arena, uint32_t width, const char *text) {
  uint32_t own = (uint32_t)strlen(visible(arena, text)) * LETTER;
  return own > width ? own : width;
}

void picture_begin_svg(FILE *out, uint32_t width, uint32_t height, const char *style) {
  fprintf(out,
          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
          "viewBox=\"0 0 %u %u\">\n"
          "  <style>text { font: 12px monospace; fill: #222 } .title { font-weight: bold }\n"
          "%s</style>\n"
          "  <rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
          width, height, width, height, style);
}
