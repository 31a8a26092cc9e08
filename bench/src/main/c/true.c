/* The payload of every comparison: a static program without a C library that ends at once. With an argument it waits for a
   signal instead. */
#include "system.h"

__attribute__((noreturn, used)) void start(s64 *stack);
void start(s64 *stack) {
  if (stack[0] > 1)
    for (;;) sys5(__NR_ppoll, 0, 0, 0, 0, 8);
  quit(0);
}
