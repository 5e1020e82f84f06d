/* sheet.c - pictures below each other as one SVG, see draw.h. How high it gets is known at its end,
 * so it is kept until then. */
#include "picture/draw.h"

#include "base/message.h"
#include "picture/embedded.h"
#include "picture/picture.h"

enum { MARGIN = 20, LINE = 17, COLUMNS = 106, MOST_LINES = 4 };

void sheet_begin(Sheet *sheet, Arena *arena) {
  *sheet = (Sheet){.canvas = {.arena = arena, .top = MARGIN}};
  sheet->canvas.out = open_memstream(&sheet->text, &sheet->length);
  if (!sheet->canvas.out)
    die(EXIT_INTERNAL, "out of memory for a picture");
}

void sheet_text(Sheet *sheet, const char *class, const char *text) {
  const char *lines[MOST_LINES];
  Canvas *c = &sheet->canvas;
  uint32_t count = picture_wrap(c->arena, text, COLUMNS, lines, MOST_LINES);
  for (uint32_t i = 0; i < count; i++, c->top += LINE)
    draw_text(c, 4, c->top, class, lines[i]);
}

Canvas *sheet_picture(Sheet *sheet) {
  sheet->canvas.number++;
  return &sheet->canvas;
}

void sheet_end(Sheet *sheet, FILE *out) {
  int width = DRAW_WIDTH + 2 * MARGIN, height = sheet->canvas.top;
  fclose(sheet->canvas.out);
  fprintf(out,
          "<svg class=\"picture\" xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
          "viewBox=\"%d 0 %d %d\">\n<style>",
          width, height, -MARGIN, width, height);
  fputs(embedded_picture_style, out);
  fprintf(out, "</style>\n<rect x=\"%d\" width=\"100%%\" height=\"100%%\" class=\"paper\"/>\n",
          -MARGIN);
  fwrite(sheet->text, 1, sheet->length, out);
  fputs("</svg>\n", out);
  memory_free(sheet->text);
}
