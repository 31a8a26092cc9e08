/* fileserver DIRECTORY FILE COUNT: serves at DIRECTORY what bailey does, in C, as the measure of what the protocol takes: a
   directory default with COUNT directories c0, c1, ... and in each a file value. Reading that reads FILE of the machine by a
   descriptor that stays open, writing it writes there. mkdir and rmdir are answered and do nothing. The agreement with the
   kernel and the time for which it may believe an answer are bailey's; two processes read, each sleeps until there is a request, as
   servers usually do. Ends when it is unmounted. */
#include "system.h"

#include <linux/fuse.h>

enum { READERS = 2, NOSUID = 2, NODEV = 4, NOEXEC = 8, DIRECTORY = 0040755, REGULAR = 0100644 };
enum { TOP = 1, DEFAULT = 2, MADE = 3, FIRST = 16, EEXIST = 17, ENOSYS = 38, ENODEV = 19, FILE_BIT = 1 << 24 };
static u8 in[1 << 17] __attribute__((aligned(4096))), out[1 << 17] __attribute__((aligned(4096)));
static s64 device, file, count;

#define REQUEST(type) ((struct type *)(in + sizeof(struct fuse_in_header)))
#define ANSWER(type) ((struct type *)(out + sizeof(struct fuse_out_header)))

void *memcpy(void *to, const void *from, u64 n) {
  __asm__ volatile("" ::: "memory");
  for (u64 i = 0; i < n; i++) ((u8 *)to)[i] = ((const u8 *)from)[i];
  return to;
}

void *memset(void *to, int c, u64 n) {
  for (u64 i = 0; i < n; i++) ((u8 *)to)[i] = (u8)c;
  return to;
}

static s64 number(const char *text) {
  s64 n = 0;
  for (; *text; text++) n = n * 10 + *text - '0';
  return n;
}

static u32 digits(s64 n, char *to) {
  char reversed[20];
  u32 length = 0;
  do reversed[length++] = (char)('0' + n % 10);
  while ((n /= 10) > 0);
  for (u32 i = 0; i < length; i++) to[i] = reversed[length - 1 - i];
  return length;
}

static u32 append(char *to, const char *text) {
  u32 n = 0;
  for (; text[n]; n++) to[n] = text[n];
  to[n] = 0;
  return n;
}

static void answer(s64 error, u64 size) {
  struct fuse_out_header *head = (struct fuse_out_header *)out;
  head->len = (u32)(sizeof *head + size);
  head->error = (s32)-error;
  head->unique = ((struct fuse_in_header *)in)->unique;
  sys3(__NR_write, device, out, head->len);
}

static void attributes(u64 node, struct fuse_attr *to) {
  memset(to, 0, sizeof *to);
  to->ino = node;
  to->size = node & FILE_BIT ? 4096 : 0;
  to->mode = node & FILE_BIT ? REGULAR : DIRECTORY;
  to->nlink = 1;
  to->blksize = 4096;
}

static void entry(u64 node, struct fuse_entry_out *to) {
  memset(to, 0, sizeof *to);
  to->nodeid = node;
  to->entry_valid = node & FILE_BIT || node <= DEFAULT ? 1000000 : 1;
  to->attr_valid = 1000000;
  attributes(node, &to->attr);
}

static u64 lookup(u64 parent, const char *name) {
  if (parent == TOP) return DEFAULT;
  if (parent == DEFAULT) {
    if (name[0] != 'c') return 0;
    s64 n = number(name + 1);
    return n < count ? (u64)n + FIRST : 0;
  }
  return parent | FILE_BIT;
}

static void list(int plus) {
  struct fuse_read_in *asked = REQUEST(fuse_read_in);
  u8 *to = (u8 *)ANSWER(fuse_dirent), *end = to + asked->size, *from = to;
  for (s64 i = (s64)asked->offset; i < count; i++) {
    char name[24] = "c";
    u32 length = 1 + digits(i, name + 1);
    u64 size = (sizeof(struct fuse_dirent) + length + 7) & ~7ul;
    u64 all = size + (plus ? sizeof(struct fuse_entry_out) : 0);
    if (to + all > end) break;
    if (plus) {
      entry((u64)i + FIRST, (struct fuse_entry_out *)to);
      to += sizeof(struct fuse_entry_out);
    }
    struct fuse_dirent *one = (struct fuse_dirent *)to;
    *one = (struct fuse_dirent){(u64)i + FIRST, (u64)i + 1, length, DIRECTORY >> 12};
    memcpy(one->name, name, length);
    to += size;
  }
  answer(0, (u64)(to - from));
}

static void begin(void) {
  struct fuse_init_in *offer = REQUEST(fuse_init_in);
  u64 wanted = FUSE_ATOMIC_O_TRUNC | FUSE_BIG_WRITES | FUSE_DO_READDIRPLUS | FUSE_READDIRPLUS_AUTO | FUSE_PARALLEL_DIROPS |
               FUSE_MAX_PAGES | FUSE_INIT_EXT;
  memset(ANSWER(fuse_init_out), 0, sizeof(struct fuse_init_out));
  *ANSWER(fuse_init_out) = (struct fuse_init_out){
      .major = 7, .minor = offer->minor, .max_readahead = offer->max_readahead, .flags = (u32)wanted & offer->flags,
      .max_background = 64, .congestion_threshold = 48, .max_write = 65536, .time_gran = 1, .max_pages = 16};
  answer(0, sizeof(struct fuse_init_out));
}

static void opened(u32 flags) {
  *ANSWER(fuse_open_out) = (struct fuse_open_out){.fh = 1, .open_flags = flags};
  answer(0, sizeof(struct fuse_open_out));
}

static void handle(void) {
  struct fuse_in_header *head = (struct fuse_in_header *)in;
  s64 n;
  switch (head->opcode) {
    case FUSE_INIT: begin(); break;
    case FUSE_LOOKUP: {
      u64 node = lookup(head->nodeid, (char *)(head + 1));
      if (node) entry(node, ANSWER(fuse_entry_out));
      answer(node ? 0 : ENOENT, node ? sizeof(struct fuse_entry_out) : 0);
      break;
    }
    case FUSE_GETATTR:
      memset(ANSWER(fuse_attr_out), 0, sizeof(struct fuse_attr_out));
      ANSWER(fuse_attr_out)->attr_valid = 1000000;
      attributes(head->nodeid, &ANSWER(fuse_attr_out)->attr);
      answer(0, sizeof(struct fuse_attr_out));
      break;
    case FUSE_MKDIR:
      entry(MADE, ANSWER(fuse_entry_out));
      answer(0, sizeof(struct fuse_entry_out));
      break;
    case FUSE_OPEN: opened(FOPEN_DIRECT_IO | (REQUEST(fuse_open_in)->flags & 3 ? 0 : FOPEN_NOFLUSH)); break;
    case FUSE_OPENDIR: opened(0); break;
    case FUSE_READ:
      n = sys4(__NR_pread64, file, ANSWER(fuse_dirent), 4096, REQUEST(fuse_read_in)->offset);
      answer(n < 0 ? -n : 0, n < 0 ? 0 : (u64)n);
      break;
    case FUSE_WRITE:
      n = sys4(__NR_pwrite64, file, REQUEST(fuse_write_in) + 1, REQUEST(fuse_write_in)->size, 0);
      *ANSWER(fuse_write_out) = (struct fuse_write_out){.size = (u32)n};
      answer(n < 0 ? -n : 0, n < 0 ? 0 : sizeof(struct fuse_write_out));
      break;
    case FUSE_READDIR: list(0); break;
    case FUSE_READDIRPLUS: list(1); break;
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT: break;
    case FUSE_RMDIR:
    case FUSE_FLUSH:
    case FUSE_RELEASE:
    case FUSE_RELEASEDIR:
    case FUSE_DESTROY: answer(0, 0); break;
    default: answer(ENOSYS, 0);
  }
}

static void serve(void) {
  for (;;) {
    s64 n = sys3(__NR_read, device, in, sizeof in);
    if (n == -EINTR || n == -EAGAIN || n == -ENOENT) continue;
    if (n < 0) quit(n == -ENODEV ? 0 : 1);
    handle();
  }
}

__attribute__((noreturn, used)) void start(s64 *stack);
void start(s64 *stack) {
  char **argv = (char **)(stack + 1), options[128], *to = options;
  if (stack[0] != 4) quit(2);
  device = sys4(__NR_openat, AT_FDCWD, "/dev/fuse", O_RDWR | O_CLOEXEC, 0);
  file = sys4(__NR_openat, AT_FDCWD, argv[2], O_RDWR | O_CLOEXEC, 0);
  count = number(argv[3]);
  to += append(to, "fd=");
  to += digits(device, to);
  append(to, ",rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions");
  if (device < 0 || file < 0) quit(3);
  if (sys5(__NR_mount, "fileserver", argv[1], "fuse", NOSUID | NODEV | NOEXEC, options)) quit(4);
  for (s64 i = 1; i < READERS; i++)
    if (sys5(__NR_clone, SIGCHLD, 0, 0, 0, 0) == 0) break;
  serve();
  quit(0);
}
