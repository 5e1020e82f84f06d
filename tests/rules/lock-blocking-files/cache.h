void cache_refresh(const char *host);
void cache_refresh_outside(const char *host);
int cache_hits(void);

int fetch_length(const char *host);
