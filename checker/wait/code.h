/* code.h - the code of one function, and what its instructions may do. Only wait/ includes it. */
#ifndef WAIT_CODE_H
#define WAIT_CODE_H

#include "wait/inside.h"

typedef struct {
  BorrowedCode borrowed;
  Waits *waits;
  const ProgramFunction *function;
  const Function *f;
  Index *blocks; // per instruction
  bool *marks;   // per block
  Index *stack;
} WaitCode;

WaitCode wait_code(Waits *, uint32_t function);
void wait_code_end(WaitCode *);

/* After the one the other may come, at the next round of a loop, too. */
bool wait_comes_after(const WaitCode *, uint32_t first, uint32_t second);
/* Itself or in what it calls; `symbol` 0: whichever. */
bool wait_may_do(const WaitCode *, WaitKind, TextId symbol, uint32_t instruction);
/* The functions that it may call. */
Targets wait_calls(const WaitCode *, uint32_t instruction);

#endif
