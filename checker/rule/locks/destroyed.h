/* destroyed.h - locks that are destroyed while a thread may still want them. A part of rule.h. */
#ifndef RULE_LOCKS_DESTROYED_H
#define RULE_LOCKS_DESTROYED_H

#include "rule/rule.h"

typedef struct {
  const ThreadRow *created;
  const char *thread; // what it runs
  WaitWay way;        // from there to where it takes the lock
  bool is_joined;     // by the function that destroys it, afterwards
  bool is_ordered;    // that function waits for something, which may be the thread's work, or has
                      // gone through all such threads
} WantedLock;

/* Of a DID_DESTROY: false when the thread is not seen to take the lock. */
bool thread_wants(Pass *, const DeedRow *, WantedLock *);

#endif
