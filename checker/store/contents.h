/* contents.h - who puts something into a container, and who takes something out. For pictures of
 * what was found: made by rule/containers/picture.c, drawn by picture/; it is not stored.
 */
#ifndef STORE_CONTENTS_H
#define STORE_CONTENTS_H

#include <stdint.h>

typedef enum { SITE_INSERTS, SITE_REMOVES, SITE_EMPTIES } SiteKind;

typedef struct {
  SiteKind kind;
  const char *function, *path; // name; as the store names it
  uint32_t line;
  const char *often; // "any number of times: ..."
} ContentSite;

typedef struct {
  const char *name;   // "server.clients": what the finding is about
  ContentSite *sites; // by kind
  uint32_t site_count;
} Contents;

/* What a function does to a container that is reached from a global, itself or by giving it to a
 * callee. */
typedef struct {
  uint32_t function; // id
  SiteKind kind;
  const char *name;
} ContentDeed;

#endif
