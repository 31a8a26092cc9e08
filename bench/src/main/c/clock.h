/* Nanoseconds of a clock that is not set. */
static s64 now(void) {
  struct timespec t;
  sys2(__NR_clock_gettime, CLOCK_MONOTONIC, &t);
  return t.sec * 1000000000 + t.nsec;
}
