/* stopwatch COMMAND ARG..: for each byte that it reads runs the command once and answers with two numbers of 8 bytes: the
   nanoseconds from before the fork until its end was seen, and its wait status. Standard input and output of the command are
   /dev/null. A process of its own, since a JVM's way to start a process costs more than some of what is measured. */
#include "system.h"

static s64 now(void) {
  struct timespec t;
  sys2(__NR_clock_gettime, CLOCK_MONOTONIC, &t);
  return t.sec * 1000000000 + t.nsec;
}

__attribute__((noreturn, used)) void start(s64 *stack);
void start(s64 *stack) {
  s64 argc = stack[0];
  char **argv = (char **)(stack + 1), **environment = argv + argc + 1;
  s64 nowhere = sys4(__NR_openat, AT_FDCWD, "/dev/null", 2 | O_CLOEXEC, 0);
  u8 byte;
  if (argc < 2 || nowhere < 0) quit(125);
  while (sys3(__NR_read, 0, &byte, 1) == 1) {
    s64 answer[2] = {now(), 0};
    s64 pid = sys5(__NR_clone, SIGCHLD, 0, 0, 0, 0);
    if (pid == 0) {
      sys3(__NR_dup3, nowhere, 0, 0);
      sys3(__NR_dup3, nowhere, 1, 0);
      sys3(__NR_execve, argv[1], argv + 1, environment);
      quit(127);
    }
    if (pid < 0) quit(125);
    while (sys4(__NR_wait4, pid, answer + 1, 0, 0) == -EINTR) {}
    answer[0] = now() - answer[0];
    sys3(__NR_write, 1, answer, sizeof answer);
  }
  quit(0);
}
