/* A desk has a drawer, a drawer knows its desk. The same with a shelf and a book, of which the book
 * does not own its shelf. */
#ifndef DESK_H
#define DESK_H

struct drawer;
struct desk;

struct desk *desk_new(void);
struct desk *desk_ref(struct desk *);
void desk_unref(struct desk *);
void desk_fit(struct desk *);

struct drawer *drawer_new(struct desk *);
struct drawer *drawer_ref(struct drawer *);
void drawer_unref(struct drawer *);

struct shelf;
struct book;

struct shelf *shelf_ref(struct shelf *);
void shelf_unref(struct shelf *);
struct book *book_ref(struct book *);
void book_unref(struct book *);
void book_place(struct book *, struct shelf *);

#endif
