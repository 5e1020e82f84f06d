#include <stddef.h>

void *pool_take(size_t size);
size_t pool_size(void *block);
void pool_give(void *block);
