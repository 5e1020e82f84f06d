/* serial.h - functions and units as bytes, and the hashes that identify them.
 *
 * The order of bytes is a format: SERIAL_VERSION is part of every key in the store.
 */
#ifndef IR_SERIAL_H
#define IR_SERIAL_H

#include "base/bytes.h"
#include "ir/ir.h"
#include "ir/unit.h"

enum { SERIAL_VERSION = 3 };

void function_write(ByteWriter *, const Function *);
/* NULL when the bytes are damaged: every index is checked, so the result is safe to walk. */
Function *function_read(Arena *, const void *bytes, size_t count);
bool function_read_into(Arena *, const void *bytes, size_t count, Function *); // false: damaged

void unit_write(ByteWriter *, const Unit *);
Unit *unit_read(Arena *, const void *bytes, size_t count); // NULL when damaged

/* Structural hash of the code: names of locals, macro names, locations and file names do not
 * count; locals are numbered in order, symbols and types count by key. */
Hash function_body_hash(const Function *);
/* Of the names that it leaves out and messages show: of locals, macros and symbols. */
Hash function_names_hash(const Function *);

#endif
