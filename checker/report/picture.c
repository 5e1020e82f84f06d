/* picture.c - see picture.h */
#include "report/picture.h"

#include "report/inside.h"

void picture_put_quoted(FILE *out, const char *text) {
  fputc('"', out);
  for (; *text; text++) {
    if (*text == '"' || *text == '\\')
      fputc('\\', out);
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
