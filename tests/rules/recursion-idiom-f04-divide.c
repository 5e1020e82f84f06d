/* R-F4, IDIOMS D45: what is left is at most half of it on every level, so that the depth is a
 * logarithm; cutting one element off is not. */
// run: --min-confidence possible
#include <stddef.h>
#include <string.h>

int search(const int *sorted, int low, int high, int wanted) {
  if (low > high)
    return -1;
  int middle = low + (high - low) / 2;
  if (sorted[middle] == wanted)
    return middle;
  int found = sorted[middle] > wanted ? search(sorted, low, middle - 1, wanted)
                                      : search(sorted, middle + 1, high, wanted);
  return found;
}

void sort_merge(int *values, int *spare, size_t count) {
  if (count < 2)
    return;
  size_t half = count / 2;
  sort_merge(values, spare, half);
  sort_merge(values + half, spare + half, count - half);
  size_t left = 0, right = half;
  for (size_t i = 0; i < count; i++)
    spare[i] = right >= count || (left < half && values[left] <= values[right]) ? values[left++]
                                                                                : values[right++];
  memcpy(values, spare, count * sizeof(*values));
}

void print_binary(unsigned number, void (*put)(int)) {
  if (number > 1)
    print_binary(number >> 1, put);
  put('0' + (int)(number & 1));
}

unsigned long power(unsigned long base, unsigned exponent) {
  if (exponent == 0)
    return 1;
  unsigned long root = power(base, exponent / 2);
  return exponent % 2 ? root * root * base : root * root;
}

static void swap(int *a, int *b) {
  int kept = *a;
  *a = *b;
  *b = kept;
}

static long split(int *values, long low, long high) {
  long at = low;
  for (long i = low; i < high; i++)
    if (values[i] < values[high])
      swap(&values[i], &values[at++]);
  swap(&values[at], &values[high]);
  return at;
}

/* Into the smaller part, over the larger by a loop. */
void sort_quick(int *values, long low, long high) {
  while (low < high) {
    long middle = split(values, low, high);
    if (middle - low < high - middle) {
      sort_quick(values, low, middle - 1);
      low = middle + 1;
    } else {
      sort_quick(values, middle + 1, high);
      high = middle - 1;
    }
  }
}

/* One element less each time: as deep as there are elements. */
long sum_from(const int *values, int low, int high) {
  if (low > high)
    return 0;
  return values[high] + sum_from(values, low, high - 1); // expect: recursion-unbounded "an argument"
}

/* A sorted input makes one part everything but one. Known gap: what split() answers is unknown, so
 * that nothing is seen to move. */
void sort_any(int *values, long low, long high) {
  if (low >= high)
    return;
  long middle = split(values, low, high);
  sort_any(values, low, middle - 1); // expect-miss: recursion-unbounded
  sort_any(values, middle + 1, high);
}
