/*
 * filter-probe FILTER CALL...      makes each call in a child with the filter, prints its outcome
 * filter-probe FILTER exec PROGRAM ARGUMENT...   becomes the program with the filter
 *
 * FILTER is a file of struct sock_filter, or "-" for none. A CALL is NUMBER,ARG,ARG...; "int80" is getpid
 * of 32-bit x86, "tiocsti" types into the caller's pseudo-terminal with the command's upper half set.
 * Outcomes: "return VALUE", "errno NUMBER", "signal NUMBER".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sock_filter instructions[4096];
static struct sock_fprog filter = {.filter = instructions};

static void die(const char *what) {
  perror(what);
  exit(99);
}

static void read_filter(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t bytes = fd < 0 ? -1 : read(fd, instructions, sizeof instructions);
  if (bytes <= 0) die(path);
  filter.len = bytes / sizeof instructions[0];
  close(fd);
}

static void load_filter(void) {
  if (!filter.len) return;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) die("PR_SET_NO_NEW_PRIVS");
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter)) die("SECCOMP_SET_MODE_FILTER");
}

static long int80(void) {
#ifdef __x86_64__
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
  return result;
#else
  errno = ENOSYS;
  return -1;
#endif
}

static long tiocsti(void) {
  int pty = posix_openpt(O_RDWR | O_NOCTTY);
  if (pty < 0 || grantpt(pty) || unlockpt(pty)) die("posix_openpt");
  return syscall(SYS_ioctl, pty, 0x100000000UL | TIOCSTI, "x");
}

static long call(char *text) {
  if (!strcmp(text, "int80")) return int80();
  if (!strcmp(text, "tiocsti")) return tiocsti();
  unsigned long word[7] = {0};
  char *next = text;
  for (int i = 0; i < 7 && next; i++) {
    char *field = strsep(&next, ",");
    word[i] = strtoul(field, NULL, 0);
  }
  return syscall(word[0], word[1], word[2], word[3], word[4], word[5], word[6]);
}

static void attempt(char *text) {
  fflush(stdout);
  pid_t child = fork();
  if (child < 0) die("fork");
  if (child == 0) {
    load_filter();
    errno = 0;
    long result = call(text);
    if (result == -1 && errno) printf("errno %d\n", errno);
    else printf("return %ld\n", result);
    fflush(stdout);
    _exit(0);
  }
  int status;
  if (waitpid(child, &status, 0) != child) die("waitpid");
  if (WIFSIGNALED(status)) printf("signal %d\n", WTERMSIG(status));
}

int main(int argc, char **argv) {
  if (argc < 3) return 98;
  if (strcmp(argv[1], "-")) read_filter(argv[1]);
  if (!strcmp(argv[2], "exec")) {
    load_filter();
    execvp(argv[3], argv + 3);
    die(argv[3]);
  }
  for (int i = 2; i < argc; i++) attempt(argv[i]);
  return 0;
}
