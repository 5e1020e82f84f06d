/* folders.c - a page a folder of the sources that has findings. */
#include "html/page.h"

void folders_write(Html *h) {
  for (size_t i = 0; i < h->folder_count; i++) {
    const Folder *folder = &h->folders[i];
    list_write(h,
               &(ListPage){.folder = "folder",
                           .name = folder->name,
                           .title = folder->path,
                           .heading = folder->path},
               folder->listing);
  }
}
