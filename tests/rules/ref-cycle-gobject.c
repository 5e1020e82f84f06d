// ref-cycle: objects of GLib, by its model: finalize runs when nobody refers to one any more.
#include <stddef.h>

typedef struct _GObject {
  void *type;
} GObject;
typedef struct _GObjectClass {
  void (*dispose)(GObject *object);
  void (*finalize)(GObject *object);
} GObjectClass;

void *g_object_new(unsigned long type, const char *first, ...);
void *g_object_ref(void *object);
void g_object_unref(void *object);

typedef struct _Page Page;

typedef struct {
  GObject parent_instance;
  Page *page;
} Book;

struct _Page {
  GObject parent_instance;
  Book *book;
};

static void book_finalize(GObject *object) {
  Book *book = (Book *)object;
  if (book->page)
    g_object_unref(book->page);
}

static void page_finalize(GObject *object) {
  Page *page = (Page *)object;
  g_object_unref(page->book);
}

void book_class_init(GObjectClass *class) { class->finalize = book_finalize; }

void page_class_init(GObjectClass *class) { class->finalize = page_finalize; }

Page *page_new(Book *book) {
  Page *page = g_object_new(1, NULL);
  page->book = g_object_ref(book);
  return page;
}

void book_open(Book *book) {
  book->page = page_new(book); // expect: ref-cycle@likely "'Book.page' and 'struct _Page.book'"
}

/* ---- dispose runs when somebody is done with an object: it breaks the circle */

typedef struct _Leaf Leaf;

typedef struct {
  GObject parent_instance;
  Leaf *leaf;
} Twig;

struct _Leaf {
  GObject parent_instance;
  Twig *twig;
};

static void twig_finalize(GObject *object) {
  Twig *twig = (Twig *)object;
  if (twig->leaf)
    g_object_unref(twig->leaf);
}

static void leaf_dispose(GObject *object) {
  Leaf *leaf = (Leaf *)object;
  if (leaf->twig)
    g_object_unref(leaf->twig);
  leaf->twig = NULL;
}

void twig_class_init(GObjectClass *class) { class->finalize = twig_finalize; }

void leaf_class_init(GObjectClass *class) { class->dispose = leaf_dispose; }

Leaf *leaf_new(Twig *twig) {
  Leaf *leaf = g_object_new(2, NULL);
  leaf->twig = g_object_ref(twig);
  return leaf;
}

void twig_grow(Twig *twig) { twig->leaf = leaf_new(twig); }
