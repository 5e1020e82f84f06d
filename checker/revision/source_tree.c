/* source_tree.c - see source_tree.h */
#include "revision/source_tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/path.h"
#include "base/text.h"

bool source_tree_can_say(Arena *arena, const char *path) {
  for (const char *c = path; *c; c++)
    if ((unsigned char)*c < ' ')
      return false;
  return text_valid_utf8(arena, path) == path;
}

static void write_or_end(const char *path, const char *text, size_t size) {
  FILE *file = fopen(path, "wxe");
  bool fine = file && fwrite(text, 1, size, file) == size;
  if (!file || fclose(file) || !fine)
    die(EXIT_INTERNAL, "cannot write '%s': %s", path, strerror(errno));
}

/* A text of JSON, which YAML includes. */
static void put_text(FILE *out, const char *text) {
  putc('"', out);
  for (; *text; text++) {
    if (*text == '"' || *text == '\\')
      putc('\\', out);
    putc(*text, out);
  }
  putc('"', out);
}

/* What is mapped to a file that is not there is not there, whatever is on the disk. */
static const char *write_overlay(Arena *arena, const TreeFile *files, uint32_t count,
                                 const char *folder) {
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  if (!out)
    die(EXIT_INTERNAL, "open_memstream: %s", strerror(errno));
  fputs("{\"version\": 0, \"case-sensitive\": \"true\", \"use-external-names\": \"false\", "
        "\"roots\": [",
        out);
  for (uint32_t i = 0; i < count; i++) {
    fprintf(out, "%s\n{\"type\": \"file\", \"name\": ", i ? "," : "");
    put_text(out, files[i].path);
    fputs(", \"external-contents\": ", out);
    put_text(out, files[i].text ? arena_printf(arena, "%s/%u", folder, i)
                                : arena_printf(arena, "%s/absent", folder));
    putc('}', out);
  }
  fputs("\n]}\n", out);
  if (fclose(out))
    die(EXIT_INTERNAL, "out of memory");
  const char *path = arena_printf(arena, "%s/overlay.yaml", folder);
  write_or_end(path, text, size);
  memory_free(text);
  return path;
}

SourceTree source_tree_lay(Arena *arena, Tree *tree, const char *place) {
  SourceTree laid = {tree, {NULL, -1}};
  uint32_t count;
  const TreeFile *files = tree_files(tree, &count);
  if (!count)
    return laid;
  laid.folder = run_folder_make(arena, place);
  if (!laid.folder.path) { // the database may be on a disk that cannot be written
    const char *temporary = getenv("TMPDIR");
    temporary = temporary && temporary[0] == '/' ? temporary : "/tmp";
    laid.folder = run_folder_make(arena, path_join(arena, temporary, "overstay"));
  }
  if (!laid.folder.path)
    die(EXIT_INTERNAL, "there is no folder for the staged files: neither beside '%s' nor in TMPDIR",
        place);
  for (uint32_t i = 0; i < count; i++)
    if (files[i].text)
      write_or_end(arena_printf(arena, "%s/%u", laid.folder.path, i), files[i].text, files[i].size);
  tree_set_overlay(tree, write_overlay(arena, files, count, laid.folder.path));
  return laid;
}

void source_tree_free(SourceTree *laid) {
  run_folder_remove(&laid->folder);
  tree_free(laid->tree);
  laid->tree = NULL;
}
