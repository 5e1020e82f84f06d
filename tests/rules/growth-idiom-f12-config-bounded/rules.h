#ifndef RULES_H
#define RULES_H

void config_read(const char *path);
int host_is_allowed(const char *host);
int header_is_known(const char *text);

#endif
