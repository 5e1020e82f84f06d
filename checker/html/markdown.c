/* markdown.c - the Markdown that docs/rules is written in: headings, paragraphs, lists, tables,
 * code, and inside of lines code, emphasis and links. What it does not know stands there as it was
 * typed. */
#include "html/page.h"

#include "base/text.h"

typedef enum { NOTHING, PARAGRAPH, LIST, TABLE } TextBlock;

typedef struct {
  Html *h;
  TextBlock open;
  bool in_code, in_comment;
  size_t rows; // of the open table
} Writer;

typedef struct {
  const char *text;
  size_t length;
} Piece;

static void put_piece(Html *h, Piece piece) {
  put_text(h, arena_text_n(h->arena, piece.text, piece.length));
}

/* ---- inside of a line */

/* Up to the next `mark` after a start of that length; 0 when there is none. */
static size_t until(Piece rest, size_t from, const char *mark) {
  size_t length = strlen(mark);
  for (size_t i = from; i + length <= rest.length; i++)
    if (!strncmp(rest.text + i, mark, length))
      return i;
  return 0;
}

static void put_inline(Html *h, Piece line);

/* A page of a rule is beside this one; other pages of the documentation are not here. */
static void put_link(Html *h, Piece words, Piece address) {
  const char *to = arena_text_n(h->arena, address.text, address.length);
  bool is_page = !strchr(to, '/') && text_ends(to, ".md");
  bool is_web = text_starts(to, "https://");
  if (is_page)
    put_format(h, "<a href=\"../rule/%.*s.html\">", (int)(strlen(to) - strlen(".md")), to);
  if (is_web) {
    put(h, "<a rel=\"noreferrer\" href=\"");
    put_text(h, to);
    put(h, "\">");
  }
  put_inline(h, words);
  if (is_page || is_web)
    put(h, "</a>");
}

/* What begins here in marks: returns how long it is with them, 0 when it is plain text. */
static size_t put_marked(Html *h, Piece rest) {
  size_t end, close;
  if (*rest.text == '`' && (end = until(rest, 1, "`"))) {
    put(h, "<code>");
    put_piece(h, (Piece){rest.text + 1, end - 1});
    put(h, "</code>");
    return end + 1;
  }
  if (rest.length > 4 && !strncmp(rest.text, "**", 2) && (end = until(rest, 2, "**"))) {
    put(h, "<strong>");
    put_inline(h, (Piece){rest.text + 2, end - 2});
    put(h, "</strong>");
    return end + 2;
  }
  if (rest.length > 2 && *rest.text == '*' && rest.text[1] != ' ' && (end = until(rest, 1, "*"))) {
    put(h, "<em>");
    put_inline(h, (Piece){rest.text + 1, end - 1});
    put(h, "</em>");
    return end + 1;
  }
  if (*rest.text == '[' && (end = until(rest, 1, "](")) && (close = until(rest, end, ")"))) {
    put_link(h, (Piece){rest.text + 1, end - 1}, (Piece){rest.text + end + 2, close - end - 2});
    return close + 1;
  }
  return 0;
}

static void put_inline(Html *h, Piece line) {
  size_t plain = 0;
  for (size_t i = 0; i < line.length;) {
    if (!strchr("`*[", line.text[i])) {
      i++;
      continue;
    }
    put_piece(h, (Piece){line.text + plain, i - plain});
    size_t taken = put_marked(h, (Piece){line.text + i, line.length - i});
    plain = i + taken;
    i += taken ? taken : 1;
  }
  put_piece(h, (Piece){line.text + plain, line.length - plain});
}

/* ---- blocks */

static void close_block(Writer *w) {
  static const char *const ends[] = {"", "</p>\n", "</li></ul>\n", "</tbody></table>\n"};
  put(w->h, ends[w->open]);
  w->open = NOTHING;
  w->rows = 0;
}

static void open_block(Writer *w, TextBlock block) {
  static const char *const starts[] = {"", "<p>", "<ul><li>", "<table><tbody>\n"};
  close_block(w);
  put(w->h, starts[block]);
  w->open = block;
}

static void put_heading(Writer *w, Piece line) {
  size_t level = 0;
  close_block(w);
  while (level < line.length && line.text[level] == '#')
    level++;
  size_t start = level + (level < line.length);
  level = level > 3 ? 3 : level < 2 ? 2 : level; // the page has its own h1
  put_format(w->h, "<h%zu>", level);
  put_inline(w->h, (Piece){line.text + start, line.length - start});
  put_format(w->h, "</h%zu>\n", level);
}

static void put_row(Writer *w, Piece line) {
  bool is_ruler = w->rows == 1 && strspn(line.text, "|-: ") >= line.length;
  if (w->open != TABLE)
    open_block(w, TABLE);
  w->rows++;
  if (is_ruler)
    return;
  put(w->h, "<tr>");
  for (size_t i = 1; i < line.length;) {
    size_t end = until(line, i, "|");
    end = end ? end : line.length;
    put(w->h, w->rows == 1 ? "<th>" : "<td>");
    put_inline(w->h, (Piece){line.text + i, end - i});
    put(w->h, w->rows == 1 ? "</th>" : "</td>");
    i = end + 1;
  }
  put(w->h, "</tr>\n");
}

/* Examples are tests, too: what a line is expected to give stands behind it in a comment. */
static Piece without_expectation(Piece line, Piece *rule) {
  static const char *const marks[] = {"// expect: ", "// note: "};
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
    size_t at = until(line, 0, marks[i]);
    if (!at)
      continue;
    size_t start = at + strlen(marks[i]);
    if (!i)
      *rule = (Piece){line.text + start, strcspn(line.text + start, " \"\n")};
    while (at && line.text[at - 1] == ' ')
      at--;
    line.length = at;
  }
  return line;
}

static void put_code_line(Writer *w, Piece whole) {
  Piece rule = {0}, line = without_expectation(whole, &rule);
  put_coloured(w->h, line.text, line.length, w->in_comment, (Marked){0});
  if (rule.length) {
    put(w->h, "  <span class=\"chip error\">");
    put_piece(w->h, rule);
    put(w->h, "</span>");
  }
  w->in_comment = colour_line(line.text, line.length, w->in_comment, NULL);
  put(w->h, "\n");
}

static void put_fence(Writer *w) {
  close_block(w);
  put(w->h, w->in_code ? "</code></pre>\n" : "<pre tabindex=\"0\"><code>");
  w->in_code = !w->in_code;
  w->in_comment = false;
}

static void put_block_line(Writer *w, Piece line) {
  if (line.length >= 3 && !strncmp(line.text, "```", 3)) {
    put_fence(w);
  } else if (w->in_code) {
    put_code_line(w, line);
  } else if (!line.length) {
    close_block(w);
  } else if (*line.text == '#') {
    put_heading(w, line);
  } else if (*line.text == '|') {
    put_row(w, line);
  } else if (line.length > 2 && !strncmp(line.text, "- ", 2)) {
    if (w->open == LIST)
      put(w->h, "</li>\n<li>");
    else
      open_block(w, LIST);
    put_inline(w->h, (Piece){line.text + 2, line.length - 2});
  } else {
    if (w->open == NOTHING || w->open == TABLE)
      open_block(w, PARAGRAPH);
    else
      put(w->h, "\n");
    put_inline(w->h, line);
  }
}

/* Whether the line is to be left out: the title, which the page has, and what no one asked for. */
static bool is_outside(Piece line, const char *section, bool *inside) {
  if (line.length < 2 || *line.text != '#')
    return section && !*inside;
  if (!section)
    return line.text[1] == ' ';
  if (line.text[1] == ' ' || line.text[2] == ' ')
    *inside = !strncmp(line.text, "## ", 3) && line.length - 3 == strlen(section) &&
              !strncmp(line.text + 3, section, line.length - 3);
  return true;
}

void put_markdown(Html *h, const char *text, const char *section) {
  Writer writer = {.h = h};
  bool inside = false;
  while (*text) {
    Piece line = {text, strcspn(text, "\n")};
    if (writer.in_code || !is_outside(line, section, &inside))
      put_block_line(&writer, line);
    text += line.length + (text[line.length] == '\n');
  }
  close_block(&writer);
  if (writer.in_code)
    put_fence(&writer);
}
