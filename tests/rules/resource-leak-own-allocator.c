/* A stream whose memory comes from an allocator that the program brings: it goes with that one's
 * pool, and need not be given back. */
#include <stddef.h>
#include <string.h>

typedef struct z_stream_s {
  const unsigned char *next_in;
  unsigned avail_in;
  unsigned char *next_out;
  unsigned avail_out;
  void *(*zalloc)(void *opaque, unsigned count, unsigned size);
  void (*zfree)(void *opaque, void *memory);
  void *opaque;
} z_stream;

int deflateInit_(z_stream *stream, int level, const char *version, int size);
int deflate(z_stream *stream, int flush);
int deflateEnd(z_stream *stream);

struct pool;
struct pool *pool_new(void);
void pool_drop(struct pool *pool);
void *pool_give(void *pool, unsigned count, unsigned size);
void pool_take(void *pool, void *memory);

enum { FINISH = 4, END = 1 };

int pack_in_pool(z_stream *given) {
  z_stream stream;
  struct pool *pool = pool_new();
  if (!pool)
    return -1;
  memset(&stream, 0, sizeof stream);
  stream.next_in = given->next_in;
  stream.zalloc = pool_give;
  stream.zfree = pool_take;
  stream.opaque = pool;
  int result = deflateInit_(&stream, 6, "1", (int)sizeof stream);
  if (result)
    goto done;
  if (deflate(&stream, FINISH) != END) {
    result = -1;
    goto done;
  }
  result = deflateEnd(&stream);
done:
  pool_drop(pool);
  return result;
}

int pack(z_stream *given) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  stream.next_in = given->next_in;
  int result = deflateInit_(&stream, 6, "1", (int)sizeof stream); // note: "opened by 'deflateInit_' here"
  if (result)
    return result;
  if (deflate(&stream, FINISH) != END)
    return -1; // expect: resource-leak "'stream' is not given back"
  return deflateEnd(&stream);
}
