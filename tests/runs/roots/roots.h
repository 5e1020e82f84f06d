struct request {
  int number;
};
void serve(int listener);
void handle(struct request *);
void *counts(void *);
void *listens(void *);
void register_timer(void (*tick)(void *), void *with);
void set_up_once(void);
void reconfigure(void);
