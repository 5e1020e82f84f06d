/* html.h - the last run as a folder of pages to look at: an index, a page a rule, a folder and a
 * finding. No page has a script, and each says so to the browser (Content-Security-Policy).
 *
 * A page a finding, not a page a source file: the path to a finding leads through several files, a
 * page of some KiB opens at once however many findings there are, and its name is the fingerprint,
 * so that a link in a chat or a ticket still leads to the same finding after the next run. The
 * style is a file of its own, because servers of build results (Jenkins) forbid styles inside of
 * pages.
 */
#ifndef HTML_HTML_H
#define HTML_HTML_H

#include "picture/pictures.h"
#include "report/report.h"

/* Writes into the folder, which is made when it is not there; the index is put in place last, and
 * pages of findings that are no more are removed. Ends the process (4) when something cannot be
 * written. `pictures` are those of the whole program. */
void html_write(const char *folder, const Report *, const Pictures *);

#endif
