/* request.h - one line of JSON in, one line of text out. */
#ifndef REQUEST_H
#define REQUEST_H

#include "session.h"

/* Handles the requests of a session until its client closes. */
void request_serve(struct session *session);

#endif
