void *short_job(void *given);
void *long_job(void *given);
void *waited_for(void *given);
void leave_me(const char *name);
