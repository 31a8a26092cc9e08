/* Lies in wait inside of a container for processes that come in, and tries to get at what they have of the machine before they
   execute: by /proc/PID, by ptrace(2), by pidfd_getfd(2). Ends at the end of its input, and says how many it has seen, how often
   it got at one that was bailey's still, and how.

   What has executed may be looked into: it is a process of the container. What betrays the one before is its program, which is
   a memfd, and descriptors beyond the streams. With the argument "tracer" it has CAP_SYS_PTRACE, so that it gets at all that it
   sees: then what comes in must have no more rights than itself, and no descriptors but streams and pipes. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned long seen, leaks;
static char first[256];

static void leak(const char *how, int pid, int number) {
  if (!leaks++) snprintf(first, sizeof first, "%s of %d, %d", how, pid, number);
}

static int of_bailey(int pid) {
  char path[64], text[4096] = "";
  snprintf(path, sizeof path, "/proc/%d/maps", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  return n > 0 && strstr(text, "memfd:bailey");
}

/* The loader of a program that has executed opens files of the container; the machine's are no such files. */
static int of_machine(const char *link) {
  char target[256];
  ssize_t n = readlink(link, target, sizeof target - 1);
  if (n <= 0) return 0;
  target[n] = 0;
  return target[0] != '/' || strstr(target, "memfd:") || !strncmp(target, "/proc", 5) || !strncmp(target, "/sys", 4);
}

static unsigned long rights(const char *pid) {
  char path[64], text[4096] = "";
  snprintf(path, sizeof path, "/proc/%s/status", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  const char *at = n > 0 ? strstr(text, "CapPrm:") : NULL;
  return at ? strtoul(at + 7, NULL, 16) : 0;
}

/* As a tracer: whether it is there. */
static int trace(int pid) {
  char number[16], path[64], target[256];
  snprintf(number, sizeof number, "%d", pid);
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  if (access(path, F_OK)) return 0;
  unsigned long more = rights(number) & ~rights("self");
  if (more) leak("rights", pid, (int)more);
  for (int fd = 3; fd < 64; fd++) {
    snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
    ssize_t n = readlink(path, target, sizeof target - 1);
    if (n <= 0) continue;
    target[n] = 0;
    if (strncmp(target, "pipe:", 5) && of_machine(path)) leak("descriptor", pid, fd);
  }
  return 1;
}

/* Whether it is there. */
static int look(int pid) {
  char path[64], target[256];
  snprintf(path, sizeof path, "/proc/%d/exe", pid);
  ssize_t n = readlink(path, target, sizeof target - 1);
  if (n < 0 && errno == ENOENT) {
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    if (access(path, F_OK)) return 0;
  }
  if (n > 0) {
    target[n] = 0;
    if (strstr(target, "memfd:bailey")) leak("program", pid, 0);
  }
  for (int fd = 3; fd < 16; fd++) {
    snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
    if (of_machine(path)) leak("link of descriptor", pid, fd);
  }
  snprintf(path, sizeof path, "/proc/%d/mem", pid);
  int mem = open(path, O_RDONLY | O_CLOEXEC);
  if (mem >= 0) {
    if (of_bailey(pid)) leak("memory", pid, 0);
    close(mem);
  }
  int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
  if (pidfd >= 0) {
    for (int fd = 3; fd < 16; fd++) {
      int got = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
      if (got < 0) continue;
      snprintf(path, sizeof path, "/proc/self/fd/%d", got);
      if (of_machine(path)) leak("descriptor", pid, fd);
      close(got);
    }
    close(pidfd);
  }
  if (!ptrace(PTRACE_SEIZE, pid, 0, 0)) {
    if (of_bailey(pid)) leak("trace", pid, 0);
    if (!ptrace(PTRACE_INTERRUPT, pid, 0, 0)) {
      int status;
      waitpid(pid, &status, __WALL);
    }
    ptrace(PTRACE_DETACH, pid, 0, 0);
  }
  return 1;
}

/* The last process id that was given out here. */
static int last(void) {
  char text[128] = "";
  int fd = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
  if (fd < 0 || read(fd, text, sizeof text - 1) <= 0) return 0;
  close(fd);
  return atoi(strrchr(text, ' ') + 1);
}

int main(int argc, char **argv) {
  int (*see)(int) = argc > 1 && !strcmp(argv[1], "tracer") ? trace : look;
  int next = getpid() + 1;
  struct pollfd in = {0, POLLIN, 0};
  printf("ready\n");
  fflush(stdout);
  while (poll(&in, 1, 0) <= 0) {
    int from = last();
    if (from < next) from = next;
    for (int pid = from; pid < from + 4; pid++) {
      int there = 0;
      while (see(pid)) there = 1;
      if (there) seen++, next = pid + 1;
    }
  }
  printf("seen %lu leaks %lu %s\n", seen, leaks, first);
  return 0;
}
