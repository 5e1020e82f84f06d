void shared_begin(void);
void shared_step(void);
void shared_unused(void);
