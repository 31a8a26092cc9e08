/*
 * device-probe PROGRAM CGROUP ATTEMPT...
 *
 * Loads PROGRAM, a file of struct bpf_insn, as a device program, links it to the cgroup v2 directory
 * CGROUP, and makes each attempt in a child inside of it. The link goes with this process. An ATTEMPT is
 * r:PATH, w:PATH or b:PATH (open for reading, writing, both), or m:PATH,MAJOR,MINOR (make a character
 * device there, removed at once). Prints "ok" or "errno NUMBER" for each; exits with 77 and the errno
 * where the kernel refuses the program or the link.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

static struct bpf_insn instructions[65536];
static char log_text[65536];

static void refused(const char *what) {
  printf("%s: %s\n%s", what, strerror(errno), log_text);
  exit(77);
}

static int load(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t bytes = fd < 0 ? -1 : read(fd, instructions, sizeof instructions);
  if (bytes <= 0) exit(99);
  close(fd);
  union bpf_attr attr;
  memset(&attr, 0, sizeof attr);
  attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  attr.expected_attach_type = BPF_CGROUP_DEVICE;
  attr.insn_cnt = bytes / sizeof instructions[0];
  attr.insns = (unsigned long)instructions;
  attr.license = (unsigned long)"Apache-2.0";
  int program = syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof attr);
  if (program >= 0) return program;
  /* once more with the verifier's log, which of a long program may not fit and fail by that */
  int error = errno;
  attr.log_level = 1;
  attr.log_buf = (unsigned long)log_text;
  attr.log_size = sizeof log_text;
  syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof attr);
  errno = error;
  refused("BPF_PROG_LOAD");
  return program;
}

static int link_to(int program, int cgroup) {
  union bpf_attr attr;
  memset(&attr, 0, sizeof attr);
  attr.link_create.prog_fd = program;
  attr.link_create.target_fd = cgroup;
  attr.link_create.attach_type = BPF_CGROUP_DEVICE;
  int link = syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof attr);
  if (link < 0) refused("BPF_LINK_CREATE");
  return link;
}

static int attempt(char *text) {
  char *path = text + 2;
  if (*text == 'm') {
    strsep(&path, ",");
    unsigned major = strtoul(strsep(&path, ","), NULL, 10);
    unsigned minor = strtoul(path, NULL, 10);
    if (mknod(text + 2, S_IFCHR | 0600, makedev(major, minor))) return errno;
    unlink(text + 2);
    return 0;
  }
  int flags = *text == 'r' ? O_RDONLY : *text == 'w' ? O_WRONLY : O_RDWR;
  int fd = open(path, flags | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return errno;
  close(fd);
  return 0;
}

static void enter(int cgroup) {
  int procs = openat(cgroup, "cgroup.procs", O_WRONLY | O_CLOEXEC);
  if (procs < 0 || write(procs, "0", 1) != 1) exit(99);
  close(procs);
}

int main(int argc, char **argv) {
  if (argc < 3) return 98;
  int cgroup = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (cgroup < 0) return 99;
  link_to(load(argv[1]), cgroup);
  pid_t child = fork();
  if (child == 0) {
    enter(cgroup);
    for (int i = 3; i < argc; i++) {
      int error = attempt(argv[i]);
      if (error) printf("errno %d\n", error);
      else printf("ok\n");
    }
    fflush(stdout);
    _exit(0);
  }
  int status;
  if (child < 0 || waitpid(child, &status, 0) != child) return 99;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}
