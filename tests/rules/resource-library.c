/* A library of which a function is used stays; one in which nothing was found does not. */
#include <dlfcn.h>
#include <stdio.h>

typedef int starts_t(void);

int loads(const char *path) {
  void *library = dlopen(path, RTLD_NOW);
  if (!library)
    return -1;
  starts_t *starts = (starts_t *)dlsym(library, "plugin_start");
  if (!starts) {
    dlclose(library);
    return -2;
  }
  return starts();
}

int loads_and_forgets(const char *path) {
  void *library = dlopen(path, RTLD_NOW); // note: "opened by 'dlopen' here"
  if (!library)
    return -1;
  starts_t *starts = (starts_t *)dlsym(library, "plugin_start");
  if (!starts) {
    fprintf(stderr, "%s: no plugin\n", path);
    return -2; // expect: resource-leak@likely "the library 'library' is not closed"
  }
  return starts();
}
