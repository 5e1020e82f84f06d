/* An event loop of a library, without its source: it calls what was registered. */
typedef void LoopCallback(void);
void loop_set_before_sleep(LoopCallback *callback);
void loop_set_after_sleep(LoopCallback *callback);
void loop_set_timer(LoopCallback *callback);
void loop_run(void);
