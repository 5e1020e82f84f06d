/* Memory that is given back together with what is in it, by a function that knows what that is only
 * by way of a pointer in the object's type. */
// mechanism: shown
#include <stdlib.h>
#include <string.h>

struct object;
struct type {
  size_t size;
  void (*clear)(struct object *);
  void (*seen)(int references);
};
struct object {
  int references;
  const struct type *type;
};
struct request {
  int references;
  const struct type *type;
  char *address;
};
struct reply {
  int references;
  const struct type *type;
  struct object *request;
};

static struct object *object_new(const struct type *type) {
  struct object *object = calloc(1, type->size);
  if (!object)
    return NULL;
  object->references = 1;
  object->type = type;
  return object;
}

static void object_put(struct object *object) {
  if (--object->references > 0)
    return;
  if (object->type->clear)
    object->type->clear(object);
  free(object);
}

/* Nobody is shown the object itself. */
static void object_drop(struct object *object) {
  if (object->type->seen)
    object->type->seen(3);
  free(object);
}

static void clear_request(struct object *object) { free(((struct request *)object)->address); }
static void clear_reply(struct object *object) {
  struct reply *reply = (struct reply *)object;
  if (reply->request)
    object_put(reply->request);
}
static void seen(int references) { (void)references; }

static const struct type requests = {sizeof(struct request), clear_request, seen};
static const struct type replies = {sizeof(struct reply), clear_reply, seen};

int answer(const char *text, int (*send)(struct reply *)) {
  int result = -1;
  struct reply *reply = (struct reply *)object_new(&replies);
  if (!reply)
    return -1;
  reply->request = object_new(&requests);
  if (!reply->request)
    goto out;
  if (!*text)
    goto out;
  result = send(reply);
out:
  object_put((struct object *)reply);
  return result;
}

int answer_wrong(const char *text, int (*send)(struct reply *)) {
  int result = -1;
  struct reply *reply = (struct reply *)object_new(&replies);
  if (!reply)
    return -1;
  reply->request = object_new(&requests); // note: "opened by 'object_new' here"
  if (!reply->request)
    goto out;
  if (!*text)
    goto out;
  result = send(reply);
out:
  object_drop((struct object *)reply); // expect: resource-leak "'request' is not freed before the memory that it is kept in is freed"
  return result;
}
