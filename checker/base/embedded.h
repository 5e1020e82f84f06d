/* embedded.h - text files that travel inside the binary (made by embed.cmake, beside it).
 *
 * The models are declared where they are read, in model/model.h.
 */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include <stddef.h>

typedef struct {
  const char *name; // file name without extension: the rule's id
  const char *text; // ends in NUL
} EmbeddedText;

/* The pages of docs/rules in the order of their names; what `overstay explain RULE` prints. */
extern const EmbeddedText embedded_rule_pages[];
extern const size_t embedded_rule_page_count;

extern const char embedded_schema[]; // checker/store/schema.sql

/* Hash of the sources that parse and lower (made by extractor.cmake): hexadecimal digits. */
extern const char embedded_extractor[];

#endif
