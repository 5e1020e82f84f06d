/* growth-unbounded: what is put in where a library is loaded is one for each library that there is;
 * who asks for one any number of times gets the same. What else comes with a request is not. */
// run: --min-confidence possible
// mechanism: growth-modules
// mechanism: growth-loaders
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct module {
  char *name;
  void *handle;
  struct module *next;
};

struct request {
  char *name;
  struct request *next;
};

static struct module *modules;
static struct request *requests;
static struct module *plugins;

static void module_add(const char *name, void *handle) {
  struct module *module = calloc(1, sizeof *module);
  if (!module)
    abort();
  module->name = strdup(name);
  module->handle = handle;
  module->next = modules;
  modules = module;
}

static void module_load(const char *name) {
  void *handle = dlopen(name, RTLD_NOW);
  if (handle)
    module_add(name, handle);
}

static void *plugin_open(const char *name, char *error, size_t length) {
  void *handle = dlopen(name, RTLD_NOW);
  if (!handle)
    strncpy(error, dlerror(), length);
  return handle;
}

static void *plugin_get(const char *name) {
  char error[80] = "";
  for (struct module *at = plugins; at; at = at->next)
    if (!strcmp(at->name, name))
      return at->handle;
  void *handle = plugin_open(name, error, sizeof error);
  if (!handle)
    return NULL;
  struct module *module = calloc(1, sizeof *module);
  if (!module)
    abort();
  module->name = strdup(name);
  module->handle = handle;
  module->next = plugins;
  plugins = module;
  return handle;
}

static void module_ask(const char *name) {
  struct request *request = calloc(1, sizeof *request);
  if (!request)
    abort();
  request->name = strdup(name);
  request->next = requests;
  requests = request; // expect: growth-unbounded "'requests'"
}

int main(void) {
  char name[64];
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    ssize_t got = read(connection, name, sizeof name - 1);
    name[got > 0 ? got : 0] = '\0';
    module_ask(name);
    module_load(name);
    plugin_get(name);
    close(connection);
  }
}
