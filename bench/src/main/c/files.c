/* files OPERATION COUNT PATH [TEXT]: does something with a file COUNT times and writes for each time the nanoseconds that it
   took, numbers of 8 bytes, to standard output. A process of its own, since a JVM would add more to each than some of them take.

   read    open, read, close                    kept   read of a file that stays open
   write   open, write of TEXT, close           list   open of a directory, all its entries, close
   make    mkdir of PATH and of all after it, then rmdir of all. Ends with status 1 where one is refused. */
#include "system.h"
#include "clock.h"

enum { MOST = 200000, O_TRUNC = 01000 };
static s64 took[MOST];
static u8 room[1 << 18];

static s64 checked(s64 result) {
  if (result < 0) quit(1);
  return result;
}

static s64 opened(const char *path, s64 flags) {
  return checked(sys4(__NR_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0));
}

static void list(const char *path) {
  s64 fd = opened(path, O_RDONLY | O_DIRECTORY);
  while (checked(sys3(__NR_getdents64, fd, room, 32768)) > 0) {}
  sys1(__NR_close, fd);
}

static void make(char **paths) {
  for (char **path = paths; *path; path++) checked(sys3(__NR_mkdirat, AT_FDCWD, *path, 0755));
  for (char **path = paths; *path; path++) checked(sys3(__NR_unlinkat, AT_FDCWD, *path, AT_REMOVEDIR));
}

static void once(char operation, char **paths, const char *text, u64 length, s64 kept) {
  const char *path = *paths;
  s64 fd;
  switch (operation) {
    case 'r':
      fd = opened(path, O_RDONLY);
      checked(sys3(__NR_read, fd, room, 4096));
      sys1(__NR_close, fd);
      break;
    case 'w':
      fd = opened(path, O_WRONLY | O_TRUNC);
      checked(sys3(__NR_write, fd, text, length));
      checked(sys1(__NR_close, fd));
      break;
    case 'k':
      checked(sys4(__NR_pread64, kept, room, 4096, 0));
      break;
    case 'l':
      list(path);
      break;
    case 'm':
      make(paths);
      break;
    default:
      quit(2);
  }
}

__attribute__((noreturn, used)) void start(s64 *stack);
void start(s64 *stack) {
  char **argv = (char **)(stack + 1);
  s64 count = 0, kept = -1;
  u64 length = 0;
  if (stack[0] < 4) quit(2);
  for (const char *c = argv[2]; *c; c++) count = count * 10 + *c - '0';
  if (count > MOST) quit(2);
  if (*argv[1] == 'w' && stack[0] > 4)
    for (; argv[4][length]; length++) room[length] = (u8)argv[4][length];
  u8 text[64];
  if (length >= sizeof text) quit(2);
  memcpy(text, room, length);
  text[length++] = '\n';
  if (*argv[1] == 'k') kept = opened(argv[3], O_RDONLY);
  for (s64 i = 0; i < count; i++) {
    s64 before = now();
    once(*argv[1], argv + 3, (const char *)text, length, kept);
    took[i] = now() - before;
  }
  for (s64 written = 0; written < count * 8;)
    written += checked(sys3(__NR_write, 1, (u8 *)took + written, count * 8 - written));
  quit(0);
}

void *memcpy(void *to, const void *from, u64 n) {
  for (u64 i = 0; i < n; i++) ((u8 *)to)[i] = ((const u8 *)from)[i];
  return to;
}

void *memset(void *to, int c, u64 n) {
  for (u64 i = 0; i < n; i++) ((u8 *)to)[i] = (u8)c;
  return to;
}
