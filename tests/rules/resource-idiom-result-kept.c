/* The result that says whether anything was opened is in a variable, and something unknown is called
 * before it is asked. */
// run: --min-confidence possible
#include <netdb.h>
#include <string.h>

struct server {
  const char *name, *service;
};

struct server *server_parse(const char *text);
void server_free(struct server *server);

int looks_up(struct sockaddr_storage *into, const char *text) {
  struct server *server = server_parse(text);
  if (!server)
    return -1;
  struct addrinfo *found = NULL;
  int result = getaddrinfo(server->name, server->service, NULL, &found);
  server_free(server);
  if (result != 0)
    return -2;
  memcpy(into, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  return 0;
}

int looks_up_and_forgets(struct sockaddr_storage *into, const char *text) {
  struct server *server = server_parse(text);
  if (!server)
    return -1;
  struct addrinfo *found = NULL;
  int result = getaddrinfo(server->name, server->service, NULL, &found); // note: "opened by 'getaddrinfo' here"
  server_free(server);
  if (result != 0)
    return -2;
  if (found->ai_addrlen > sizeof *into)
    return -3; // expect: resource-leak "the list of addresses 'found' is not freed"
  memcpy(into, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  return 0;
}
