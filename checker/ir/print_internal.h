/* print_internal.h - what print.c and print_node.c share; nobody else includes it. */
#ifndef IR_PRINT_INTERNAL_H
#define IR_PRINT_INTERNAL_H

#include "ir/print.h"

/* Text with a limit: past it the end is "...", and whoever writes on can stop. */
typedef struct {
  const Function *function;
  bool exact; // the IR as it is: temps by number, casts shown, comparisons as they are stored
  bool full;
  unsigned depth;
  size_t length, limit;
  char text[2048];
} Printer;

enum { TEXT_LIMIT = 120, EXACT_LIMIT = 2000 };

/* Bits that have a word; the last entry has none. */
typedef struct {
  uint32_t bit;
  const char *name;
} FlagName;

extern const FlagName function_flags[], call_flags[];

Printer printer_new(const Function *, bool exact);
void printer_add(Printer *, const char *);
void printer_add_n(Printer *, const char *, size_t length);
void printer_format(Printer *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void printer_node(Printer *, NodeId); // a value or a place
void printer_type(Printer *, Index type);
void printer_local(Printer *, Index local);
void printer_flags(Printer *, const FlagName *, uint32_t flags);

#endif
