/* stopwatch [--times N | --at-once N] COMMAND ARG.. [; COMMAND ARG..]: for each byte that it reads runs the commands once,
   one after the other, and answers with two numbers of 8 bytes: the nanoseconds from before the fork until the end of the
   last was seen, and their wait statuses, or-ed. --times: all that N times; --at-once: N processes begin it together, for
   the first command. In an argument that ends with @ the number of the turn, from 1 on, replaces that. Standard input and
   output of the commands are /dev/null. A process of its own, since a JVM's way to start a process costs more than some of
   what is measured. */
#include "system.h"
#include "clock.h"

enum { MOST_ARGUMENTS = 64, ARGUMENT = 256 };

static int same(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

static s64 number(const char *text) {
  s64 n = 0;
  while (*text >= '0' && *text <= '9') n = n * 10 + (*text++ - '0');
  return n;
}

/* The argument with the turn's number in the place of a last @. */
static char *numbered(char *to, char *argument, s64 turn) {
  int n = 0, digits = 0;
  char text[24];
  while (argument[n]) n++;
  if (!n || argument[n - 1] != '@' || n > ARGUMENT - 24) return argument;
  for (int i = 0; i < n - 1; i++) to[i] = argument[i];
  do text[digits++] = (char)('0' + turn % 10), turn /= 10;
  while (turn);
  for (n--; digits; n++) to[n] = text[--digits];
  to[n] = 0;
  return to;
}

static s64 begin(char **command, s64 turn, char **environment, s64 nowhere) {
  s64 pid = sys5(__NR_clone, SIGCHLD, 0, 0, 0, 0);
  if (pid < 0) quit(125);
  if (pid) return pid;
  static char texts[MOST_ARGUMENTS][ARGUMENT];
  char *arguments[MOST_ARGUMENTS];
  int n = 0;
  for (; n < MOST_ARGUMENTS - 1 && command[n] && !same(command[n], ";"); n++)
    arguments[n] = numbered(texts[n], command[n], turn);
  arguments[n] = 0;
  sys3(__NR_dup3, nowhere, 0, 0);
  sys3(__NR_dup3, nowhere, 1, 0);
  sys3(__NR_execve, arguments[0], arguments, environment);
  quit(127);
}

static s64 end(s64 pid) {
  s64 status = 0;
  while (sys4(__NR_wait4, pid, &status, 0, 0) == -EINTR) {}
  return status;
}

static s64 in_turn(char **commands, s64 turn, char **environment, s64 nowhere) {
  s64 statuses = 0;
  while (*commands) {
    statuses |= end(begin(commands, turn, environment, nowhere));
    while (*commands && !same(*commands, ";")) commands++;
    if (*commands) commands++;
  }
  return statuses;
}

__attribute__((noreturn, used)) void start(s64 *stack);
void start(s64 *stack) {
  s64 argc = stack[0], turns = 1, together = 0;
  char **argv = (char **)(stack + 1), **environment = argv + argc + 1, **commands = argv + 1;
  s64 nowhere = sys4(__NR_openat, AT_FDCWD, "/dev/null", 2 | O_CLOEXEC, 0);
  u8 byte;
  if (argc > 3 && ((together = same(argv[1], "--at-once")) || same(argv[1], "--times"))) turns = number(argv[2]), commands += 2;
  if (argc < 2 || nowhere < 0) quit(125);
  while (sys3(__NR_read, 0, &byte, 1) == 1) {
    s64 answer[2] = {now(), 0};
    for (s64 i = 1; i <= turns; i++)
      if (together) begin(commands, i, environment, nowhere);
      else answer[1] |= in_turn(commands, i, environment, nowhere);
    for (s64 i = 1; together && i <= turns; i++) answer[1] |= end(-1);
    answer[0] = now() - answer[0];
    sys3(__NR_write, 1, answer, sizeof answer);
  }
  quit(0);
}
