/* flag_rules.h - what becomes of every compiler flag: the table behind input/flags.h. */
#ifndef INPUT_FLAG_RULES_H
#define INPUT_FLAG_RULES_H

typedef enum {
  SHAPE_ALONE,    // the whole argument
  SHAPE_JOINED,   // a prefix; the value follows in the same argument
  SHAPE_SEPARATE, // the value is the next argument
  SHAPE_EITHER,   // joined, or separate when nothing follows the name
} Shape;

typedef enum {
  ACTION_KEEP,   // as NAME, or NAME VALUE when the value stood apart
  ACTION_JOIN,   // as NAMEVALUE: one form for both, so that equal commands are equal
  ACTION_FOLDER, // the same, and it is a folder to look for headers in
  ACTION_SYSTEM, // a folder, unless it holds GCC's own headers
  ACTION_NOSTDINC,
  ACTION_FORCED,   // -include
  ACTION_MACROS,   // -imacros
  ACTION_LANGUAGE, // -x
  ACTION_STANDARD, // -std=
  ACTION_MACHINE,  // -m...: kept when libclang knows it for the target
  ACTION_TARGET,
  ACTION_PREPROCESSOR, // -Wp, and -Xpreprocessor: definitions are kept
  ACTION_IGNORE,       // says nothing about the meaning of the source
  ACTION_UNSAFE,       // libclang would write what it names
  ACTION_REFUSE,       // libclang would load or obey what it names: left out with a note
} Action;

typedef struct {
  const char *name;
  Shape shape;
  Action action;
} FlagRule;

/* The rule for an argument that begins with '-'; NULL when the flag is not known. */
const FlagRule *flag_rule_find(const char *argument);

#endif
