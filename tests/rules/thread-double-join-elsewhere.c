/* One function creates the thread detached, another joins it. */
// run: --min-confidence possible
#include <pthread.h>

void *run(void *given);

static struct {
  pthread_t writer, reader, either;
} manager;

void start_writer(void) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_create(&manager.writer, &attributes, run, NULL); // note: "created detached, as here"
  pthread_attr_destroy(&attributes);
}

void stop_writer(void) {
  pthread_join(manager.writer, NULL); // expect: thread-double-join "it is created detached"
}

/* Joinable: to be joined. */
void start_reader(void) { pthread_create(&manager.reader, NULL, run, NULL); }

void stop_reader(void) { pthread_join(manager.reader, NULL); }

/* Only who knows which of the two it was may join. */
void start_either(int detached) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  if (detached) {
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_create(&manager.either, &attributes, run, NULL);
  } else {
    pthread_create(&manager.either, &attributes, run, NULL);
  }
  pthread_attr_destroy(&attributes);
}

void stop_either(int detached) {
  if (!detached)
    pthread_join(manager.either, NULL);
}

/* Each callee joins what it has started; what they know of it is not seen here. */
struct stream {
  pthread_t writer;
  int fd;
};
int is_async(const struct stream *stream);

static void close_stream(struct stream *stream) {
  pthread_join(stream->writer, NULL);
  stream->fd = -1;
}

static void next_file(struct stream *stream) {
  if (is_async(stream))
    close_stream(stream);
}

void flush(struct stream *stream) {
  next_file(stream);
  next_file(stream);
}
