/* jsonic.h - what the JSON formats share: values for jansson, which refuses bad UTF-8. */
#ifndef REPORT_JSONIC_H
#define REPORT_JSONIC_H

#include <jansson.h>

#include "report/inside.h"

json_t *jsonic_text(Arena *, const char *); // bad bytes become U+FFFD; NULL is ""
void jsonic_put(json_t *object, const char *key, json_t *value); // takes the value
void jsonic_put_text(Arena *, json_t *object, const char *key, const char *);
void jsonic_put_number(json_t *object, const char *key, uint64_t);
void jsonic_add(json_t *array, json_t *value);
void jsonic_write(FILE *, json_t *, size_t flags); // frees it

/* The CWE numbers in "CWE-667 CWE-772 MISRA C:2012 22.16", in their order. */
size_t reference_cwes(const char *references, uint32_t *numbers, size_t room);

#endif
