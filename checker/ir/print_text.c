/* print_text.c - the text that is being printed, and the names of locals and types in it. */
#include <stdarg.h>
#include <string.h>

#include "ir/print_internal.h"

Printer printer_new(const Function *f, bool exact) {
  return (Printer){.function = f, .exact = exact, .limit = exact ? EXACT_LIMIT : TEXT_LIMIT};
}

/* Ends the text in "..." inside the limit, at the start of a UTF-8 character. */
static void cut(Printer *p) {
  size_t end = p->limit - 3;
  while (end > 0 && ((unsigned char)p->text[end] & 0xc0) == 0x80)
    end--;
  memcpy(p->text + end, "...", 4);
  p->length = end + 3;
  p->full = true;
}

void printer_add_n(Printer *p, const char *text, size_t length) {
  if (p->full)
    return;
  size_t room = p->limit - p->length;
  memcpy(p->text + p->length, text, length < room ? length : room);
  p->length += length < room ? length : room;
  p->text[p->length] = '\0';
  if (length > room)
    cut(p);
}

void printer_add(Printer *p, const char *text) { printer_add_n(p, text, strlen(text)); }

void printer_format(Printer *p, const char *format, ...) {
  char piece[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(piece, sizeof piece, format, arguments);
  va_end(arguments);
  printer_add(p, piece);
}

/* ---- names */
void printer_local(Printer *p, Index local) {
  const Function *f = p->function;
  const char *name = f->locals[local].name;
  unsigned same = 1;
  if (!*name) {
    printer_format(p, "%%%u", local);
    return;
  }
  printer_add(p, name);
  for (Index i = 0; p->exact && i < local; i++)
    same += !strcmp(f->locals[i].name, name);
  if (same > 1)
    printer_format(p, ".%u", same);
}

static const char *scalar_name(const Type *type) {
  static const char *const signed_names[] = {"char", "short", "int", "long", "__int128"};
  static const char *const unsigned_names[] = {"unsigned char", "unsigned short", "unsigned int",
                                               "unsigned long", "unsigned __int128"};
  int width = type->size == 1    ? 0
              : type->size == 2  ? 1
              : type->size == 4  ? 2
              : type->size == 8  ? 3
              : type->size == 16 ? 4
                                 : -1;
  switch (type->kind) {
  case TYPE_VOID:
    return "void";
  case TYPE_BOOL:
    return "bool";
  case TYPE_SIGNED:
    return width < 0 ? "integer" : signed_names[width];
  case TYPE_UNSIGNED:
    return width < 0 ? "integer" : unsigned_names[width];
  case TYPE_FLOAT:
    return type->size == 4 ? "float" : type->size == 8 ? "double" : "long double";
  case TYPE_FUNCTION:
    return "function";
  case TYPE_RECORD:
    return "record";
  case TYPE_POINTER:
  case TYPE_ARRAY:
  case TYPE_OTHER:
    break;
  }
  return "?";
}

/* Without the layout hash that ends a record's key. */
static void print_type_key(Printer *p, const char *key) {
  const char *hash = strrchr(key, '#');
  printer_add_n(p, key, hash ? (size_t)(hash - key) : strlen(key));
}

void printer_type(Printer *p, Index type) {
  const Type *types = p->function->types, *t = &types[type];
  if (*t->key) {
    print_type_key(p, t->key);
  } else if (t->kind == TYPE_POINTER) {
    printer_type(p, t->element);
    printer_add(p, types[t->element].kind == TYPE_POINTER && !*types[t->element].key ? "*" : " *");
  } else if (t->kind == TYPE_ARRAY) {
    uint64_t element = types[t->element].size;
    printer_type(p, t->element);
    if (t->size && element)
      printer_format(p, "[%llu]", (unsigned long long)(t->size / element));
    else
      printer_add(p, "[]");
  } else {
    printer_add(p, scalar_name(t));
  }
}
