/* fold.c - arithmetic on constants that no type decides about. */
#include "ir/ir.h"

bool operator_fold(Operator op, int64_t a, int64_t b, int64_t *value) {
  uint64_t x = (uint64_t)a, y = (uint64_t)b;
  switch (op) {
  case OPERATOR_ADD:
    *value = (int64_t)(x + y);
    return true;
  case OPERATOR_SUBTRACT:
    *value = (int64_t)(x - y);
    return true;
  case OPERATOR_MULTIPLY:
    *value = (int64_t)(x * y);
    return true;
  case OPERATOR_SHIFT_LEFT:
    *value = (int64_t)(y < 64 ? x << y : 0);
    return y < 64;
  case OPERATOR_AND:
    *value = a & b;
    return true;
  case OPERATOR_OR:
    *value = a | b;
    return true;
  case OPERATOR_XOR:
    *value = a ^ b;
    return true;
  case OPERATOR_EQ:
    *value = a == b;
    return true;
  case OPERATOR_NE:
    *value = a != b;
    return true;
  default:
    return false;
  }
}
