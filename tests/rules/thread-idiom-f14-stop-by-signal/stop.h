#include <signal.h>
#include <stdbool.h>
extern volatile sig_atomic_t told_by_handler;
extern volatile bool told_by_waiter, told_by_nobody;
void *until_handler(void *given);
void *until_waiter(void *given);
void *until_nobody(void *given);
void *waits_for_signals(void *given);
void on_term(int number);
void one_step(void);
