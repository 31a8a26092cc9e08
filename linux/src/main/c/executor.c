/* The executor: does the steps of a plan and decides nothing.

   A plan (bailey.core.plan.PlanCodec has the format) is a header, steps of 64 bytes, relocations and data,
   all in one piece of memory. A step is a system call or one of a few operations that system calls alone
   cannot express. What a step's numbers mean, which errors are acceptable, and every word that a person
   reads are Java's.

   bailey ARG..              the command line: asks a planner what to do, see client.h
   executor --run            one plan from descriptor 3; its events go to descriptor 4
   executor --cold JVM ARG.. as the command line, with this JVM as the planner
   executor --serve NAME     plans from the unix socket with this abstract name, many at a time

   Plans are done where nothing that can open /proc/self/exe finds the program's file: from a sealed memfd, or from memory
   alone. */
#include "system.h"

enum {
  FINISH, CALL, SPAWN, UNDO, UNWIND, END, FAIL, ASSIGN, LOAD, STORE, DECIMAL, APPEND, JUMP, AWAIT, HANDSHAKE,
  REPORT_TO, REPORT, COLLECT, COLLECT_NUMBER, FIND, WRITE_RECORD, SEND_RECORD, SUPERVISE, INIT, KILL_LISTED,
  REAP, EXIT_CODE, MOVE_LISTED, DROP_BOUNDING, REMOVE_GROUPS, WATCH, PLACE_LISTED, COPY_TREE,
  KILL_NOTED, LAST_OPERATION = KILL_NOTED
};
enum { ON_FAIL, ON_IGNORE, ON_ALLOW, ON_SKIP };      /* a refused call: fail, go on, go on after these, skip */
enum { EQUAL, DIFFERENT, LESS };                     /* tests of JUMP */
enum { FAILED, STARTED, ENDED, DONE };               /* events */
enum { RETRY_BUSY = 1, OPENS = 2 };                  /* flags: of CALL; the result is a descriptor of the plan's */
enum { REGISTERS = 128, ENVIRONMENT = 126, MAX_FDS = 16, RECORD_SIZE = 16384, FILE_SIZE = 4096 };
enum { PLAN_MAGIC = 0x31594c42, PLAN_VERSION = 1, PLAN_MAX = 16 << 20 };

struct step { u8 op, policy, out, flags; u16 nr, kinds; u32 target; u8 errors[4]; s64 a[6]; };
struct header { u32 magic; u16 version, machine; u32 total, memory, steps, steps_at, relocs, relocs_at, tag, fds; u32 reserved[6]; };
struct event { u32 tag, signal, step, length; s64 value, spare; };

struct context {
  s64 r[REGISTERS];
  u8 *plan;
  u64 size;                /* of the whole mapping, this context included */
  u32 pc, undo;            /* undo: the step to go on with when the plan fails or unwinds; 0 none */
  s32 status;              /* what the plan ends with */
  s32 events;              /* the descriptor that events go to, -1 none */
  s32 waits;               /* the descriptor that a resident plan waits for, -1 none */
  u8 child, unwinding, resident, reported, started, sends;
  u64 open[REGISTERS / 64]; /* registers whose descriptors the plan opened and has not closed */
  u32 record, last;        /* bytes in the record; where the last collected file's text starts */
  s64 deadline;            /* resident: when to kill what it waits for, 0 never */
  u8 timed_out;            /* the register that tells whether that happened */
  struct context *next, **link;
  u8 collected[RECORD_SIZE];
};

static struct context *live;
static s64 nearest;        /* no deadline of a resident plan is before this one; 0 none has any */
static char *arguments;    /* of this process, as /proc/self/cmdline has them */
static u64 arguments_size;

void *memcpy(void *to, const void *from, u64 n) {
  u8 *t = to;
  const u8 *f = from;
  while (n--) *t++ = *f++;
  return to;
}

void *memset(void *to, int c, u64 n) {
  u8 *t = to;
  while (n--) *t++ = (u8)c;
  return to;
}

static u64 length(const char *s) {
  u64 n = 0;
  while (s[n]) n++;
  return n;
}

/* ---- descriptors ---- */

static s64 read_some(s32 fd, void *to, u64 n) {
  s64 k;
  do k = sys3(__NR_read, fd, to, n);
  while (k == -EINTR);
  return k;
}

static int read_all(s32 fd, void *to, u64 n) {
  u8 *p = to;
  while (n) {
    s64 k = read_some(fd, p, n);
    if (k <= 0) return 0;
    p += k, n -= (u64)k;
  }
  return 1;
}

static s64 write_all(s32 fd, const void *from, u64 n) {
  const u8 *p = from;
  while (n) {
    s64 k = sys3(__NR_write, fd, p, n);
    if (k == -EINTR) continue;
    if (k < 0) return k;
    p += k, n -= (u64)k;
  }
  return 0;
}

/* Waits for one of the descriptors; a timeout in milliseconds, -1 none. */
static s64 wait_for(struct pollfd *p, u64 n, s64 millis) {
  struct timespec t = {millis / 1000, millis % 1000 * 1000000};
  return sys5(__NR_ppoll, p, n, millis < 0 ? 0 : &t, 0, 8);
}

static s64 now_millis(void) {
  struct timespec t;
  sys2(__NR_clock_gettime, CLOCK_MONOTONIC, &t);
  return t.sec * 1000 + t.nsec / 1000000;
}

/* ---- events ---- */

/* Who waited for events has ended. Unblocked or taken by supervise(), the signal of that would end the command. */
static void discard_broken_pipe(void) {
  u64 pipe = 1ul << (SIGPIPE - 1);
  struct timespec none = {0, 0};
  sys4(__NR_rt_sigtimedwait, &pipe, 0, &none, 8);
}

/* One write, so that the events of two processes never mix; what the socket does not take at once follows. */
static s64 write_parts(s32 fd, struct iovec *v, u64 n) {
  while (n) {
    s64 k = sys3(__NR_writev, fd, v, n);
    if (k == -EINTR) continue;
    if (k == -EPIPE) discard_broken_pipe();
    if (k < 0) return k;
    for (; n && (u64)k >= v->len; v++, n--) k -= (s64)v->len;
    if (n) v->base = (u8 *)v->base + k, v->len -= (u64)k;
  }
  return 0;
}

static void event(const struct context *c, u32 signal, u32 step, s64 value) {
  struct event e = {((struct header *)c->plan)->tag, signal, step, 0, value, 0};
  if (c->events >= 0 && write_all(c->events, &e, sizeof e) == -EPIPE) discard_broken_pipe();
}

/* The last event, and before it the record: in one piece, so that who waits wakes once. */
static void done(struct context *c) {
  u32 tag = ((struct header *)c->plan)->tag;
  struct event record = {tag, ENDED, 0, c->record, 0, 0}, last = {tag, DONE, 0, 0, c->status, 0};
  struct iovec v[3] = {{&record, sizeof record}, {c->collected, c->record}, {&last, sizeof last}};
  if (c->events < 0) return;
  if (c->sends) write_parts(c->events, v, 3);
  else write_parts(c->events, v + 2, 1);
}

static void dismiss_planner(struct context *c);

/* ---- plans ---- */

/* Every place in a plan that points into the plan itself or selects a register, checked once; all jumps go forward. What
   the system calls of a plan do is its maker's affair; that damaged bytes make this program write outside of the plan's
   data or turn in circles is not. */
static int sound(const struct header *h, const struct step *steps, u64 data_at) {
  for (u32 i = 0; i < h->steps; i++) {
    const struct step *s = steps + i;
    int jumps = s->op == JUMP || s->op == SPAWN || s->op == WATCH || s->op == UNDO || s->policy == ON_SKIP;
    if (s->op > LAST_OPERATION || s->out >= REGISTERS || s->target > h->steps || (jumps && s->target <= i)) return 0;
    for (int k = 0; k < 6; k++)
      if ((s->kinds >> 2 * k & 3) == 1 && ((u64)s->a[k] < data_at || (u64)s->a[k] > h->memory)) return 0;
    if (s->op != LOAD && s->op != STORE) continue;
    if ((s->kinds & 3) != 1 || (u64)s->a[0] + (s->nr == 4 ? 4 : 8) > h->memory) return 0;
  }
  return 1;
}

static u64 data_of(const struct header *h) { return h->relocs_at + (u64)h->relocs * 4; }

static int plausible(const struct header *h) {
  if (h->magic != PLAN_MAGIC || h->version != PLAN_VERSION || h->machine != MACHINE) return 0;
  if (h->total < sizeof *h || h->memory < h->total || h->memory > PLAN_MAX || h->fds > MAX_FDS) return 0;
  if (h->steps_at != sizeof *h || h->steps_at + (u64)h->steps * sizeof(struct step) > h->relocs_at) return 0;
  return !(h->relocs_at & 3) && data_of(h) <= h->total;
}

/* Of a plausible plan that is in memory. */
static int prepare(struct context *c) {
  const struct header *h = (struct header *)c->plan;
  u64 data_at = data_of(h);
  u32 *at = (u32 *)(c->plan + h->relocs_at);
  for (u32 i = 0; i < h->relocs; i++) {
    if (at[i] < data_at || (u64)at[i] + 8 > h->memory) return 0;
    *(s64 *)(c->plan + at[i]) += (s64)c->plan;
  }
  return sound(h, (struct step *)(c->plan + h->steps_at), data_at);
}

static struct context *load_plan(const struct header *h, s32 fd, int resident) {
  if (!plausible(h)) return 0;
  u64 size = (sizeof(struct context) + h->memory + 1 /* a NUL behind all text */ + 4095) & ~4095ul;
  s64 m = sys6(__NR_mmap, 0, size, 3 /* read, write */, 0x22 /* private, anonymous */, -1, 0);
  if (m < 0) return 0;
  struct context *c = (struct context *)m;
  c->size = size, c->plan = (u8 *)(c + 1), c->events = c->waits = -1, c->resident = (u8)resident;
  memcpy(c->plan, h, sizeof *h);
  if (!read_all(fd, c->plan + sizeof *h, h->total - sizeof *h)) goto bad;
  if (!prepare(c)) goto bad;
  /* Resident: a child must not inherit the memory (arguments, environment) of other containers' plans. */
  if (resident) sys3(__NR_madvise, m, size, MADV_DONTFORK);
  return c;
bad:
  sys2(__NR_munmap, m, size);
  return 0;
}

static s64 operand(const struct context *c, const struct step *s, int i) {
  switch (s->kinds >> 2 * i & 3) {
    case 1: return (s64)c->plan + s->a[i];
    case 2: return c->r[s->a[i] & (REGISTERS - 1)];
    default: return s->a[i];
  }
}

static s64 call(struct context *c, const struct step *s) {
  s64 v, a[6];
  for (int i = 0; i < 6; i++) a[i] = operand(c, s, i);
  for (int tries = 0;; tries++) {
    do v = sys(s->nr, a[0], a[1], a[2], a[3], a[4], a[5]);
    while (v == -EINTR);
    if (v != -EBUSY || !(s->flags & RETRY_BUSY) || tries == 500) return v;
    struct timespec t = {0, 1000000};
    sys2(__NR_nanosleep, &t, 0);
  }
}

static int listed(const struct step *s, s64 error) {
  for (int i = 0; i < 4; i++)
    if (s->errors[i] && s->errors[i] == -error) return 1;
  return 0;
}

static s64 decimal(u8 *to, s64 value) {
  u8 digits[20];
  int n = 0, k = 0;
  u64 v = (u64)value;
  do digits[n++] = (u8)('0' + v % 10), v /= 10;
  while (v);
  while (n) to[k++] = digits[--n];
  to[k] = 0;
  return k;
}

/* ---- the record: entries of { u8 kind, u8 key length, u16 data length, key, data } ---- */

static u8 *entry(struct context *c, u8 kind, const char *key, u32 n) {
  u64 k = length(key);
  u8 *p = c->collected + c->record;
  if (c->record + 4 + k + n > RECORD_SIZE) return 0;
  p[0] = kind, p[1] = (u8)k, p[2] = (u8)n, p[3] = (u8)(n >> 8);
  memcpy(p + 4, key, k);
  c->record += (u32)(4 + k);
  return p + 4 + k;
}

static void collect_number(struct context *c, const char *key, s64 value) {
  u8 *p = entry(c, 1, key, 8);
  if (!p) return;
  memcpy(p, &value, 8);
  c->record += 8;
}

static void collect_file(struct context *c, const char *key, s64 dir, const char *path) {
  u32 before = c->record;
  c->last = before;
  s64 fd = sys4(__NR_openat, dir, path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return;
  u8 *p = entry(c, 0, key, FILE_SIZE);
  u32 n = 0;
  for (s64 k; p && n < FILE_SIZE && (k = read_some((s32)fd, p + n, FILE_SIZE - n)) > 0;) n += (u32)k;
  sys1(__NR_close, fd);
  if (!p || !n) {
    c->record = before;
    return;
  }
  c->collected[before + 2] = (u8)n, c->collected[before + 3] = (u8)(n >> 8);
  c->last = c->record;
  c->record += n;
}

/* The number after `word`, where a line of the last collected file starts with it. */
static s64 find(const struct context *c, const char *word) {
  u64 n = length(word);
  for (u32 i = c->last; i + n < c->record; i++) {
    u64 k = 0;
    while (k < n && c->collected[i + k] == (u8)word[k]) k++;
    if (k < n || (i > c->last && c->collected[i - 1] != '\n')) continue;
    s64 v = 0;
    for (i += (u32)n; i < c->record && c->collected[i] >= '0' && c->collected[i] <= '9'; i++)
      v = v * 10 + (c->collected[i] - '0');
    return v;
  }
  return 0;
}

/* ---- process 1 of a container ---- */

static s64 wait_status_code(s32 status) {
  return status & 0x7f ? 128 + (status & 0x7f) : status >> 8 & 0xff;
}

/* The wait status of a child that has ended. */
static s64 reap(s32 pidfd) {
  struct { s32 signo, error, code, pad, pid, uid, status, rest[25]; } info;
  s64 v;
  do v = sys5(__NR_waitid, P_PIDFD, pidfd, &info, WEXITED, 0);
  while (v == -EINTR);
  if (v < 0) return v;
  return info.code == 1 /* CLD_EXITED */ ? (info.status & 0xff) << 8 : info.status;
}

/* All signals are blocked in every executor; the kernel queues a blocked signal even for process 1. */
static s64 act_as_init(s64 main) {
  u64 all = ~0ul;
  /* ps inside shows the name, and nothing of the command line outside. Where the last byte is not 0 the kernel shows
     what is before the first 0 (get_mm_cmdline), else as many empty arguments as there is room for. */
  if (arguments_size > 6) {
    memset(arguments, 0, arguments_size);
    memcpy(arguments, "bailey", 6);
    arguments[arguments_size] = '.';
  }
  for (;;) {
    s32 status;
    s64 pid;
    while ((pid = sys4(__NR_wait4, -1, &status, WNOHANG, 0)) > 0)
      if (pid == main) return status;
    if (pid == -10 /* ECHILD */) return 0;
    struct siginfo info;
    s64 signal = sys4(__NR_rt_sigtimedwait, &all, &info, 0, 8);
    if (signal <= 0 || signal == SIGCHLD || signal == SIGTTIN || signal == SIGTTOU) continue;
    /* What a terminal sent, it sent to all of a job: see deliver(). */
    if (info.code != SI_QUEUE || sys2(__NR_kill, -main, signal) < 0) sys2(__NR_kill, main, signal);
  }
}

/* ---- a process that a file names by a copy of its /proc/PID/stat ---- */

static char *append(char *to, const char *end, const char *text) {
  while (*text && to < end) *to++ = *text++;
  *to = 0;
  return to;
}

/* The number that a copy of /proc/PID/stat begins with, and the start time in it, the 22nd field: of what is behind the
   command and its parenthesis the 20th. `state`: the first of these. 0: it is none. */
static int parse_stat(const char *text, s64 n, s64 *pid, s64 *start, char *state) {
  const char *at = text, *end = text + n;
  *pid = *start = 0;
  for (; at < end && *at >= '0' && *at <= '9'; at++) *pid = *pid * 10 + (*at - '0');
  while (end > at && end[-1] != ')') end--;
  if (end == at || !*pid) return 0;
  at = end + 1, end = text + n;
  if (at >= end) return 0;
  *state = *at;
  for (int field = 3; field < 22; field++) {
    while (at < end && *at != ' ') at++;
    at++;
  }
  for (; at < end && *at >= '0' && *at <= '9'; at++) *start = *start * 10 + (*at - '0');
  return at < end && *start;
}

static s64 read_file(const char *path, char *to, u64 size) {
  s32 fd = (s32)sys4(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  if (fd < 0) return fd;
  s64 n = read_some(fd, to, size);
  sys1(__NR_close, fd);
  return n;
}

/* Its pidfd, where it still runs, else -ESRCH; or why that cannot be told. */
static s64 open_noted(const char *path) {
  char text[1024], stat[64], state;
  u8 number[24];
  s64 pid, start, now, n = read_file(path, text, sizeof text);
  if (n < 0) return n;
  if (!parse_stat(text, n, &pid, &start, &state)) return -EINVAL;
  s64 fd = sys2(__NR_pidfd_open, pid, 0);
  if (fd < 0) return fd;
  /* read after it was opened: what it tells is of what was opened, or of nobody */
  decimal(number, pid);
  append(append(append(stat, stat + 60, "/proc/"), stat + 60, (char *)number), stat + 60, "/stat");
  n = read_file(stat, text, sizeof text);
  if (n == 0 || n == -ENOENT) n = -ESRCH;
  if (n > 0) n = !parse_stat(text, n, &pid, &now, &state) ? -EINVAL : now != start || state == 'Z' || state == 'X' ? -ESRCH : 0;
  if (!n) return fd;
  sys1(__NR_close, fd);
  return n;
}

/* Nothing, where it does not run, or the file is not there or names nobody. */
static s64 kill_noted(const char *path) {
  s64 fd = open_noted(path);
  if (fd < 0) return fd == -ESRCH || fd == -ENOENT || fd == -EINVAL ? 0 : fd;
  s64 error = sys4(__NR_pidfd_send_signal, fd, SIGKILL, 0, 0);
  sys1(__NR_close, fd);
  return error == -ESRCH ? 0 : error;
}

/* Each process that cgroup.procs lists is killed, or moved by writing its number to `to`, until none is listed. */
static void each_listed(s32 fd, s32 to) {
  u8 text[4096];
  for (int round = 0; round < 10000; round++) {
    s64 n, pid = 0, found = 0;
    sys3(__NR_lseek, fd, 0, 0);
    while ((n = read_some(fd, text, sizeof text)) > 0)
      for (s64 i = 0; i < n; i++) {
        if (text[i] >= '0' && text[i] <= '9') {
          pid = pid * 10 + (text[i] - '0');
          continue;
        }
        if (pid) {
            u8 number[24];
            s64 k = decimal(number, pid);
            if (to < 0) sys2(__NR_kill, pid, SIGKILL);
            else sys3(__NR_write, to, number, k);
            found++;
          }
        pid = 0;
      }
    if (!found) return;
    struct timespec t = {0, 200000};
    sys2(__NR_nanosleep, &t, 0);
  }
}

static int is_dots(const char *name) {
  return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

/* The name of the first directory in a directory; 0 where there is none. */
static int first_directory(s32 fd, char *name) {
  u8 buffer[2048] __attribute__((aligned(8)));
  s64 n;
  while ((n = sys3(__NR_getdents64, fd, buffer, sizeof buffer)) > 0)
    for (s64 at = 0; at < n;) {
      struct dirent *entry = (struct dirent *)(buffer + at);
      at += entry->length;
      if (entry->type != DT_DIR || is_dots(entry->name)) continue;
      for (int i = 0; i < 256; i++)
        if (!(name[i] = entry->name[i])) return 1;
    }
  return 0;
}

/* Tries again for a while: a group is busy until the last that ended in it is gone for good. */
static s64 remove_group(s32 directory, const char *name) {
  for (int tries = 0;; tries++) {
    s64 v = sys3(__NR_unlinkat, directory, name, AT_REMOVEDIR);
    if (v != -EBUSY || tries == 500) return v == -ENOENT ? 0 : v;
    struct timespec t = {0, 1000000};
    sys2(__NR_nanosleep, &t, 0);
  }
}

/* Goes down to a group without others in it, removes that, and begins again from the top. */
static s64 remove_groups(const char *path) {
  char name[256];
  for (;;) {
    s32 above = -1, fd = (s32)sys4(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_DIRECTORY, 0);
    if (fd < 0) return fd == -ENOENT ? 0 : fd;
    while (first_directory(fd, name)) {
      s32 next = (s32)sys4(__NR_openat, fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_DIRECTORY, 0);
      if (above >= 0) sys1(__NR_close, above);
      above = fd, fd = next;
      if (fd < 0) break;
    }
    s64 v = fd < 0 && fd != -ENOENT ? fd : remove_group(above < 0 ? AT_FDCWD : above, above < 0 ? path : name);
    int top = above < 0;
    if (above >= 0) sys1(__NR_close, above);
    if (fd >= 0) sys1(__NR_close, fd);
    if (top || v < 0) return v;
  }
}

static s64 write_number(s32 to, s64 value) {
  u8 number[24];
  s64 k = decimal(number, value), v;
  do v = sys3(__NR_write, to, number, k);
  while (v == -EINTR);
  return v < 0 ? v : 0;
}

/* The processes that a file lists, none where it is not there, are moved by writing their numbers to another; what ended
   meanwhile is passed over. After a refusal those moved go back. `leaving`: they leave the list by it, so it is read again until it is empty. The rounds have
   an end because a process whose first thread has ended can stay listed for as long as its others live. */
static s64 place_listed(const char *from, const char *to, s64 leaving) {
  u8 text[4096];
  s32 moved[2048];
  s32 in = (s32)sys4(__NR_openat, AT_FDCWD, from, O_RDWR | O_CLOEXEC, 0);
  s32 out = (s32)sys4(__NR_openat, AT_FDCWD, to, O_WRONLY | O_CLOEXEC, 0);
  s64 error = in < 0 && in != -ENOENT ? in : 0;
  for (int round = 0; in >= 0 && !error && round < (leaving ? 16 : 1); round++) {
    s64 n = 0, pid = 0, found = 0, count = 0;
    sys3(__NR_lseek, in, 0, 0);
    while (!error && (n = read_some(in, text, sizeof text)) > 0)
      for (s64 i = 0; i < n && !error; i++) {
        if (text[i] >= '0' && text[i] <= '9') {
          pid = pid * 10 + (text[i] - '0');
          continue;
        }
        if (pid) {
          error = out < 0 ? out : write_number(out, pid), found++;
          if (!error && count < 2048) moved[count++] = (s32)pid;
          if (error == -ESRCH) error = 0;
        }
        pid = 0;
      }
    if (n < 0) error = n;
    while (error && count) write_number(in, moved[--count]);
    if (!found) break;
  }
  if (in >= 0) sys1(__NR_close, in);
  if (out >= 0) sys1(__NR_close, out);
  return error;
}

/* ---- copies ---- */

static s64 copy_directory(s32 from, s32 to, s64 levels);

/* What has this name itself: no link is followed, and no mount entered (EXDEV). */
static s64 open_here(s32 directory, const char *name, u64 flags) {
  struct open_how how = {flags | O_CLOEXEC | O_NOFOLLOW, 0, RESOLVE_NO_XDEV | RESOLVE_BENEATH};
  return sys4(__NR_openat2, directory, name, &how, sizeof how);
}

static s64 look_at(s32 fd, struct statx *x) {
  return sys5(__NR_statx, fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, x);
}

/* Names may be exchanged at any moment: what was opened to be read is looked at again. */
static s64 copy_content(s32 from, s32 to, const char *name, struct statx *x) {
  s64 in = open_here(from, name, O_RDONLY | O_NONBLOCK);
  if (in < 0) return in;
  s64 n = look_at((s32)in, x), out = -1;
  if (n >= 0 && (x->mode & S_IFMT) != S_IFREG) n = -ESTALE;
  if (n >= 0) n = out = sys4(__NR_openat, to, name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (n >= 0)
    do n = sys4(__NR_sendfile, out, in, 0, 1 << 20);
    while (n > 0 || n == -EINTR);
  sys1(__NR_close, in);
  if (out >= 0) sys1(__NR_close, out);
  return n;
}

static s64 copy_link(s32 link, s32 to, const char *name) {
  char text[4096];
  s64 n = sys4(__NR_readlinkat, link, "", text, sizeof text - 1);
  if (n < 0) return n;
  text[n] = 0;
  return sys3(__NR_symlinkat, text, to, name);
}

static s64 copy_below(s32 directory, s32 to, const char *name, s64 levels) {
  s64 v = sys3(__NR_mkdirat, to, name, 0700);
  if (v < 0) return v;
  s64 in = sys4(__NR_openat, directory, ".", O_RDONLY | O_CLOEXEC | O_DIRECTORY, 0);
  if (in < 0) return in;
  s64 out = sys4(__NR_openat, to, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_DIRECTORY, 0);
  v = out < 0 ? out : copy_directory((s32)in, (s32)out, levels);
  sys1(__NR_close, in);
  if (out >= 0) sys1(__NR_close, out);
  return v;
}

/* Owner, mode and times; of a link the mode is no matter. */
static s64 copy_status(s32 to, const char *name, const struct statx *x) {
  struct timespec times[2] = {{x->atime.sec, x->atime.nsec}, {x->mtime.sec, x->mtime.nsec}};
  s64 v = sys5(__NR_fchownat, to, name, x->uid, x->gid, AT_SYMLINK_NOFOLLOW);
  if (v >= 0 && (x->mode & S_IFMT) != S_IFLNK) v = sys3(__NR_fchmodat, to, name, x->mode & 07777);
  return v < 0 ? v : sys4(__NR_utimensat, to, name, times, AT_SYMLINK_NOFOLLOW);
}

static s64 copy_entry(s32 from, s32 to, const char *name, s64 levels) {
  struct statx x;
  s64 here = open_here(from, name, O_PATH);
  if (here < 0) return here == -EXDEV ? 0 : here;
  s64 v = look_at((s32)here, &x);
  if (v >= 0) switch (x.mode & S_IFMT) {
      case S_IFDIR: v = copy_below((s32)here, to, name, levels); break;
      case S_IFREG: v = copy_content(from, to, name, &x); break;
      case S_IFLNK: v = copy_link((s32)here, to, name); break;
      default: v = sys4(__NR_mknodat, to, name, x.mode, (x.minor & 0xff) | x.major << 8 | (x.minor & ~0xffu) << 12);
    }
  sys1(__NR_close, here);
  return v < 0 ? v : copy_status(to, name, &x);
}

/* What is in a directory, to another that nobody else can come to; ELOOP where it has more levels. */
static s64 copy_directory(s32 from, s32 to, s64 levels) {
  u8 buffer[2048] __attribute__((aligned(8)));
  s64 n, v = 0;
  if (levels <= 0) return -ELOOP;
  while (v >= 0 && (n = sys3(__NR_getdents64, from, buffer, sizeof buffer)) > 0)
    for (s64 at = 0; v >= 0 && at < n;) {
      struct dirent *entry = (struct dirent *)(buffer + at);
      at += entry->length;
      if (!is_dots(entry->name)) v = copy_entry(from, to, entry->name, levels - 1);
    }
  return v < 0 ? v : n < 0 ? n : 0;
}

/* With the owner and mode of the directory itself. */
static s64 copy_tree(s32 from, s32 to, s64 levels) {
  struct statx x;
  s64 v = look_at(from, &x);
  if (v >= 0) v = copy_directory(from, to, levels);
  return v < 0 ? v : copy_status(to, ".", &x);
}

/* ---- supervision ---- */

struct terminal {
  s32 master;
  u8 raw, eof, out_closed;
  struct termios saved;
  u32 pending_from, pending;
  u8 input[1024];
};

static void resize(const struct terminal *t) {
  struct winsize w;
  if (!sys3(__NR_ioctl, 0, TIOCGWINSZ, &w)) sys3(__NR_ioctl, t->master, TIOCSWINSZ, &w);
}

static void set_raw(struct terminal *t) { /* cfmakeraw(3) */
  if (sys3(__NR_ioctl, 0, TCGETS, &t->saved)) return;
  struct termios raw = t->saved;
  raw.iflag &= ~0x5ebu, raw.oflag &= ~1u, raw.lflag &= ~0x804bu, raw.cflag = (raw.cflag & ~0x130u) | 0x30;
  raw.cc[6] = 1, raw.cc[5] = 0;
  t->raw = !sys3(__NR_ioctl, 0, TCSETS, &raw);
}

static void open_terminal(struct terminal *t, s32 master) {
  memset(t, 0, sizeof *t - sizeof t->input);
  t->master = master;
  sys3(__NR_fcntl, master, F_SETFL, O_NONBLOCK | 2);
  resize(t);
  set_raw(t);
}

/* What the container wrote, to standard output. 0: nothing more to come. */
static int relay_output(struct terminal *t) {
  u8 text[4096];
  s64 n = read_some(t->master, text, sizeof text);
  if (n == -EAGAIN) return 1;
  if (n <= 0) return 0;
  if (!t->out_closed && write_all(1, text, (u64)n) < 0) t->out_closed = 1;
  return 1;
}

static void relay_input(struct terminal *t, int readable) {
  if (readable && !t->pending) {
    s64 n = read_some(0, t->input, sizeof t->input);
    if (n <= 0) {
      /* End of input becomes the terminal's end-of-file character, as if it had been typed. */
      t->eof = 1, t->input[0] = 4, n = 1;
    }
    t->pending = (u32)n, t->pending_from = 0;
  }
  if (!t->pending) return;
  s64 k = sys3(__NR_write, t->master, t->input + t->pending_from, t->pending);
  if (k == -EAGAIN || k == -EINTR) return;
  if (k <= 0) t->pending = 0;
  else t->pending_from += (u32)k, t->pending -= (u32)k;
}

/* Passes a signal on. One from the terminal (the kernel itself sent it) is for a whole job: for the process group of
   `pidfd`, where the kernel can do that (Linux 6.9), and marked, so that process 1 does the same. */
static void deliver(s32 pidfd, u32 signal, s32 code) {
  struct siginfo info = {(s32)signal, 0, SI_QUEUE, {0}};
  if (code != SI_KERNEL) sys4(__NR_pidfd_send_signal, pidfd, signal, 0, 0);
  else if (sys4(__NR_pidfd_send_signal, pidfd, signal, &info, PIDFD_SIGNAL_PROCESS_GROUP) == -EINVAL)
    sys4(__NR_pidfd_send_signal, pidfd, signal, &info, 0);
}

static void forward(s32 signals, s32 pidfd, struct terminal *t) {
  struct { u32 signo; s32 error, code; u8 rest[116]; } info;
  while (read_some(signals, &info, sizeof info) == sizeof info) {
    if (info.signo == SIGCHLD) continue;
    if (info.signo == SIGWINCH && t) {
      resize(t);
      continue;
    }
    if (info.signo == SIGCONT && t) set_raw(t);
    if (info.signo != SIGTTIN && info.signo != SIGTTOU) deliver(pidfd, info.signo, info.signo == SIGCONT ? SI_KERNEL : info.code);
    if (info.signo != SIGTSTP) continue;
    if (t && t->raw) sys3(__NR_ioctl, 0, TCSETS, &t->saved);
    sys2(__NR_kill, sys0(__NR_getpid), SIGSTOP);
  }
}

/* Waits for the end of `pidfd`; 1 if the time ran out and it was killed. */
static s64 supervise(s32 pidfd, s64 timeout, s32 master) {
  struct terminal terminal, *t = 0;
  u64 all = ~0ul;
  s32 signals = (s32)sys4(__NR_signalfd4, -1, &all, 8, O_CLOEXEC | O_NONBLOCK);
  s64 deadline = timeout ? now_millis() + timeout : 0, killed = 0;
  if (master >= 0) open_terminal(t = &terminal, master);
  for (;;) {
    struct pollfd p[4] = {{pidfd, POLLIN, 0}, {signals, POLLIN, 0}, {-1, 0, 0}, {-1, 0, 0}};
    if (t && t->master >= 0) p[2].fd = t->master, p[2].events = t->pending ? POLLIN | POLLOUT : POLLIN;
    if (t && !t->eof && !t->pending) p[3].fd = 0, p[3].events = POLLIN;
    s64 left = deadline && !killed ? deadline - now_millis() : -1;
    if (deadline && !killed && left <= 0) {
      sys4(__NR_pidfd_send_signal, pidfd, SIGKILL, 0, 0);
      killed = 1;
      continue;
    }
    if (wait_for(p, 4, left) < 0) continue;
    if (p[1].revents) forward(signals, pidfd, t);
    if (p[2].revents & (POLLIN | POLLHUP | POLLERR) && !relay_output(t)) t->master = -1;
    if (t && (p[3].revents || p[2].revents & POLLOUT) && t->master >= 0) relay_input(t, p[3].revents);
    if (!p[0].revents) continue;
    if (t) {
      for (int i = 0; t->master >= 0 && i < 64; i++) {
        struct pollfd rest = {t->master, POLLIN, 0};
        if (wait_for(&rest, 1, 0) <= 0 || !relay_output(t)) break;
      }
      if (t->raw) sys3(__NR_ioctl, 0, TCSETS, &t->saved);
    }
    sys1(__NR_close, signals);
    return killed;
  }
}

/* ---- the interpreter ---- */

/* Capabilities that this kernel does not know are passed over. */
static s64 drop_bounding(u64 mask) {
  for (u32 n = 0; n < 64; n++) {
    s64 v = mask >> n & 1 ? sys5(__NR_prctl, PR_CAPBSET_DROP, n, 0, 0, 0) : 0;
    if (v < 0 && v != -EINVAL) return v;
  }
  return 0;
}

static int run(struct context *c);

__attribute__((noreturn, used)) static void spawned(struct context *c, u32 pc) {
  c->pc = pc, c->undo = 0, c->child = 1, c->resident = 0, c->next = 0;
  run(c);
  quit(c->status);
}

/* clone3 without shared memory: the child goes on on its copy of the stack. */
static s64 spawn(struct context *c, void *arguments, u32 pc) {
  if (c->resident) sys3(__NR_madvise, c, c->size, MADV_DOFORK);
  s64 pid = sys2(__NR_clone3, arguments, 88);
  if (pid == 0) spawned(c, pc);
  if (c->resident) sys3(__NR_madvise, c, c->size, MADV_DONTFORK);
  return pid;
}

/* Waits until the last task has left a group that had one. cgroup.events tells of changes (POLLPRI), also of those that are
   over when it is looked at: what changed and is empty, not just frozen or thawed, had a task. cgroup.procs of v1 tells
   nothing and is asked again. Neither tells of its removal, which the next look finds; who removes a group may be faster
   than this, so that counts too. 0, or the error where it is gone without having had a task. */
static s64 await_empty(s32 fd) {
  enum { POPULATED = sizeof "populated " - 1, FROZEN = sizeof "populated 0\nfrozen " - 1 };
  char text[64], frozen = 0;
  for (int had = 0, changed = 0;;) {
    s64 n = sys4(__NR_pread64, fd, text, sizeof text, 0);
    if (n < 0) return had ? 0 : n;
    int tells = n > FROZEN && text[0] == 'p'; /* a digit begins the other file */
    int has = tells ? text[POPULATED] == '1' : n > 0;
    had |= has || (changed && frozen == text[FROZEN]);
    if (had && !has) return 0;
    frozen = text[FROZEN];
    struct pollfd p = {tells ? fd : -1, POLLPRI, 0};
    changed = wait_for(&p, 1, tells ? 5000 : 1000) > 0 && tells;
  }
}

/* A child does the steps at pc each time, one after the other, until the group is gone. */
static void watch(struct context *c, s32 group, void *arguments, u32 pc) {
  while (await_empty(group) >= 0) {
    s64 pid = spawn(c, arguments, pc);
    while (pid > 0 && sys4(__NR_wait4, pid, 0, 0, 0) == -EINTR) {}
  }
}

static void failed(struct context *c, u32 step, s64 error) {
  if (c->unwinding) return;
  if (!c->reported) event(c, FAILED, step, error);
  c->reported = 1, c->status = 125, c->unwinding = 1;
  c->pc = c->undo ? c->undo : ((struct header *)c->plan)->steps;
}

/* A child's start: end of file is success, a record of its failure becomes this plan's. */
static void handshake(struct context *c, s32 fd) {
  struct event e;
  if (!read_all(fd, &e, sizeof e)) return;
  failed(c, e.step, e.value);
}

static int finish(struct context *c) {
  if (c->child) quit(c->status);
  done(c);
  return 1;
}

static void set_deadline(struct context *c, s64 timeout, u8 timed_out) {
  c->timed_out = timed_out, c->r[timed_out] = 0, c->deadline = 0;
  if (!timeout) return;
  c->deadline = now_millis() + timeout;
  if (!nearest || c->deadline < nearest) nearest = c->deadline;
}

static void closed(struct context *c, s64 i) { c->open[i / 64] &= ~(1ul << i % 64); }

/* Does steps until the plan ends (1) or, resident, has to wait (0). */
static int run(struct context *c) {
  const struct header *h = (struct header *)c->plan;
  const struct step *steps = (struct step *)(c->plan + h->steps_at);
  for (;;) {
    if (c->pc >= h->steps) return finish(c);
    u32 at = c->pc++;
    const struct step *s = steps + at;
    s64 v = 0;
    switch (s->op) {
      case FINISH: return finish(c);
      case CALL:
        v = call(c, s);
        if (s->flags & OPENS && v >= 0) c->open[s->out / 64] |= 1ul << s->out % 64;
        if (s->nr == __NR_close && (s->kinds & 3) == 2) closed(c, s->a[0] & (REGISTERS - 1));
        break;
      case SPAWN: v = spawn(c, (void *)operand(c, s, 0), s->target); break;
      case UNDO: c->undo = s->target; continue;
      case UNWIND: c->status = (s32)operand(c, s, 0), c->unwinding = 1, c->pc = c->undo ? c->undo : h->steps; continue;
      case END: c->status = (s32)operand(c, s, 0); return finish(c);
      case FAIL: v = operand(c, s, 0); break;
      case ASSIGN: c->r[s->out] = operand(c, s, 0); continue;
      case LOAD: {
        const u8 *p = (u8 *)operand(c, s, 0);
        c->r[s->out] = s->nr == 4 ? *(const s32 *)p : *(const s64 *)p;
        if (s->flags & OPENS) c->open[s->out / 64] |= 1ul << s->out % 64;
        continue;
      }
      case STORE: {
        u8 *p = (u8 *)operand(c, s, 0);
        if (s->nr == 4) *(s32 *)p = (s32)operand(c, s, 1);
        else *(s64 *)p = operand(c, s, 1);
        continue;
      }
      case DECIMAL: c->r[s->out] = operand(c, s, 2) + decimal((u8 *)operand(c, s, 0), operand(c, s, 1)); continue;
      case APPEND: {
        const char *text = (const char *)operand(c, s, 2);
        memcpy((u8 *)operand(c, s, 0) + operand(c, s, 1), text, length(text) + 1);
        continue;
      }
      case JUMP: {
        s64 l = operand(c, s, 0), r = operand(c, s, 1);
        if (!(s->nr == EQUAL ? l == r : s->nr == DIFFERENT ? l != r : l < r)) c->pc = s->target;
        continue;
      }
      case AWAIT:
        c->waits = (s32)operand(c, s, 0);
        if (c->resident && !c->unwinding) return 0;
        {
          struct pollfd p = {c->waits, POLLIN, 0};
          while (wait_for(&p, 1, -1) < 0) {}
        }
        continue;
      case HANDSHAKE: handshake(c, (s32)operand(c, s, 0)); continue;
      case REPORT_TO: c->events = (s32)operand(c, s, 0); continue;
      case REPORT:
        event(c, s->nr, at, operand(c, s, 0));
        if (s->nr == STARTED) {
          c->started = 1;
          dismiss_planner(c);
        }
        continue;
      case COLLECT: collect_file(c, (char *)operand(c, s, 0), operand(c, s, 1), (char *)operand(c, s, 2)); continue;
      case COLLECT_NUMBER: collect_number(c, (char *)operand(c, s, 0), operand(c, s, 1)); continue;
      case FIND: c->r[s->out] = find(c, (char *)operand(c, s, 0)); continue;
      case WRITE_RECORD: v = write_all((s32)operand(c, s, 0), c->collected, c->record); break;
      case SEND_RECORD: c->sends = 1; continue; /* see done() */
      case SUPERVISE:
        if (c->resident) {
          c->waits = (s32)operand(c, s, 0);
          set_deadline(c, operand(c, s, 1), s->out);
          return 0;
        }
        c->r[s->out] = supervise((s32)operand(c, s, 0), operand(c, s, 1), (s32)operand(c, s, 2));
        continue;
      case INIT: c->r[s->out] = act_as_init(operand(c, s, 0)); continue;
      case REAP: v = reap((s32)operand(c, s, 0)); break;
      case EXIT_CODE: c->r[s->out] = wait_status_code((s32)operand(c, s, 0)); continue;
      case KILL_LISTED: each_listed((s32)operand(c, s, 0), -1); continue;
      case DROP_BOUNDING: v = drop_bounding((u64)operand(c, s, 0)); break;
      case REMOVE_GROUPS: v = remove_groups((char *)operand(c, s, 0)); break;
      case WATCH: watch(c, (s32)operand(c, s, 0), (void *)operand(c, s, 1), s->target); continue;
      case PLACE_LISTED:
        v = place_listed((char *)operand(c, s, 0), (char *)operand(c, s, 1), operand(c, s, 2));
        break;
      case COPY_TREE: v = copy_tree((s32)operand(c, s, 0), (s32)operand(c, s, 1), operand(c, s, 2)); break;
      case MOVE_LISTED: each_listed((s32)operand(c, s, 0), (s32)operand(c, s, 1)); continue;
      case KILL_NOTED: v = kill_noted((char *)operand(c, s, 0)); break;
      default: v = -EINVAL;
    }
    c->r[s->out] = v;
    if (v >= 0 || v < -4095 || s->policy == ON_IGNORE || c->unwinding) continue;
    if (s->policy == ON_ALLOW && listed(s, v)) continue;
    if (s->policy == ON_SKIP && listed(s, v)) {
      c->pc = s->target;
      continue;
    }
    failed(c, at, v);
  }
}

/* ---- resident: many plans from one socket ---- */

static void keep(struct context *c) {
  if (live) live->link = &c->next;
  c->next = live, c->link = &live, live = c;
}

/* Where a plan failed between an open and what would have closed it. */
static void close_opened(const struct context *c) {
  for (int i = 0; i < REGISTERS; i++)
    if (c->open[i / 64] >> i % 64 & 1) sys1(__NR_close, c->r[i]);
}

static void drop(struct context *c) {
  *c->link = c->next;
  if (c->next) c->next->link = c->link;
  close_opened(c);
  sys2(__NR_munmap, c, c->size);
}

static void go_on(s32 epoll, struct context *c) {
  if (run(c)) {
    drop(c);
    return;
  }
  struct epoll_event e = {POLLIN | 1u << 30 /* one shot */, (u64)c};
  if (sys4(__NR_epoll_ctl, epoll, 3 /* modify */, c->waits, &e) == -ENOENT)
    sys4(__NR_epoll_ctl, epoll, 1 /* add */, c->waits, &e);
}

/* Kills what has had its time; milliseconds until the next may have to be, -1 none. */
static s64 enforce_deadlines(void) {
  if (!nearest) return -1;
  s64 now = now_millis();
  if (now < nearest) return nearest - now;
  nearest = 0;
  for (struct context *c = live; c; c = c->next) {
    if (!c->deadline) continue;
    if (c->deadline <= now) {
      sys4(__NR_pidfd_send_signal, c->waits, SIGKILL, 0, 0);
      c->r[c->timed_out] = 1, c->deadline = 0;
    } else if (!nearest || c->deadline < nearest) nearest = c->deadline;
  }
  return nearest ? nearest - now : -1;
}

/* One plan with the descriptors that belong to it; 0 at the end of the socket. */
static struct context *receive(s32 socket) {
  struct header h;
  struct { u64 len; s32 level, type; s32 fds[MAX_FDS]; } control;
  struct iovec v = {&h, sizeof h};
  struct msghdr m = {0, 0, &v, 1, &control, sizeof control, 0};
  s64 n;
  do n = sys3(__NR_recvmsg, socket, &m, 0x40000000 /* MSG_CMSG_CLOEXEC */);
  while (n == -EINTR);
  if (n <= 0) return 0;
  u32 fds = m.controllen >= 16 && control.type == 1 /* SCM_RIGHTS */ ? (u32)((control.len - 16) / 4) : 0;
  if ((u64)n < sizeof h && !read_all(socket, (u8 *)&h + n, sizeof h - (u64)n)) return 0;
  struct context *c = load_plan(&h, socket, 1);
  if (!c || h.fds != fds) return 0;
  for (u32 i = 0; i < fds; i++) c->r[i] = control.fds[i];
  c->open[0] = (1ul << fds) - 1;
  c->events = socket;
  return c;
}

static void serve(const char *name, s64 environment) {
  struct { u16 family; char path[108]; } address = {1, {0}};
  u64 n = length(name);
  s32 socket = (s32)sys3(__NR_socket, 1, 1 | O_CLOEXEC, 0);
  if (n > 100) quit(125);
  memcpy(address.path + 1, name, n);
  if (sys3(__NR_connect, socket, &address, 3 + n) < 0) quit(125);
  /* An abstract name is anybody's to take: plans come from this user or not at all. */
  struct { u32 pid, uid, gid; } peer;
  u32 peer_size = sizeof peer;
  if (sys5(__NR_getsockopt, socket, 1 /* SOL_SOCKET */, 17 /* SO_PEERCRED */, &peer, &peer_size) < 0) quit(125);
  if (peer.uid != (u32)sys0(__NR_geteuid)) quit(125);
  s32 epoll = (s32)sys1(__NR_epoll_create1, O_CLOEXEC);
  struct epoll_event e = {POLLIN, 0};
  sys4(__NR_epoll_ctl, epoll, 1, socket, &e);
  for (;;) {
    struct epoll_event ready[16];
    s64 k = sys5(__NR_epoll_pwait, epoll, ready, 16, enforce_deadlines(), 0);
    for (s64 i = 0; i < k; i++) {
      struct context *c = (struct context *)ready[i].data;
      if (!c) {
        if (!(c = receive(socket))) goto gone;
        c->r[ENVIRONMENT] = environment;
        keep(c);
      } else c->waits = -1, c->deadline = 0;
      go_on(epoll, c);
    }
  }
gone: /* the requester is gone: what it started ends with it */
  while (live) {
    struct context *c = live;
    c->resident = 0, c->events = -1, c->reported = 1;
    failed(c, 0, 0);
    run(c);
    drop(c);
  }
  quit(0);
}

/* ---- one plan ---- */

static int attended(void);
static s64 told_status(void);

/* 125 for what is no plan, -1 for none. */
static s64 run_one(s32 in, s32 out, s64 environment) {
  struct header h;
  if (!read_all(in, &h, sizeof h)) return -1;
  struct context *c = load_plan(&h, in, 0);
  if (!c) return 125;
  c->events = out, c->r[ENVIRONMENT] = environment;
  run(c);
  int asks = attended();
  dismiss_planner(c);
  return c->reported && asks && told_status() >= 0 ? told_status() : c->status;
}

static void move_up(s32 *fd) { /* out of the way of descriptors 3 and 4 */
  s64 k = sys3(__NR_fcntl, *fd, 1030 /* F_DUPFD_CLOEXEC */, 10);
  sys1(__NR_close, *fd);
  *fd = (s32)k;
}

/* ---- start ---- */

static s32 open_self(void) {
  s32 self = (s32)sys4(__NR_openat, AT_FDCWD, "/proc/self/exe", O_RDONLY | O_CLOEXEC, 0);
  if (self < 0) quit(125);
  return self;
}

static int is_sealed(s32 self) {
  s64 seals = sys2(__NR_fcntl, self, F_GET_SEALS);
  return seals >= 0 && (seals & ALL_SEALS) == ALL_SEALS;
}

static s64 empty_file(void) {
  s64 file = sys2(__NR_memfd_create, "bailey", 1 | 2 | 0x10 /* close on exec, sealable, executable */);
  return file == -EINVAL ? sys2(__NR_memfd_create, "bailey", 1 | 2) /* before Linux 6.3 */ : file;
}

/* A sealed copy of this program. */
static s32 sealed_copy(s32 self) {
  s64 copy = empty_file();
  while (sys4(__NR_sendfile, copy, self, 0, 1 << 20) > 0) {}
  if (sys3(__NR_fcntl, copy, F_ADD_SEALS, ALL_SEALS) < 0) quit(125);
  return (s32)copy;
}

_Noreturn static void continue_from(s32 copy, char **arguments, char **environment) {
  sys5(__NR_execveat, copy, "", arguments, environment, AT_EMPTY_PATH);
  quit(125);
}

struct segment { u32 type, flags; u64 offset, address, physical, in_file, in_memory, align; }; /* elf(5), Elf64_Phdr */
struct memory { /* linux/prctl.h, struct prctl_mm_map */
  u64 code[2], data[2], start_brk, brk, stack, arguments, arguments_end, environment, environment_end, auxv;
  u32 auxv_size, exe;
};

/* What is mapped of the program's file becomes a copy. That is moved onto the very code that moves it: what is behind the
   system call is the same. */
static int copy_segment(const struct segment *s, u64 page) {
  u64 from = s->address & -page, size = ((s->address + s->in_file + page - 1) & -page) - from;
  u64 protection = (s->flags & 4) >> 2 | (s->flags & 2) | (s->flags & 1) << 2; /* PF_R, PF_W, PF_X are not PROT_'s numbers */
  s64 copy = sys6(__NR_mmap, 0, size, 3 /* read, write */, 0x22 /* private, anonymous */, -1, 0);
  if (copy < 0) return 0;
  memcpy((u8 *)copy, (const u8 *)from, size);
  if (!sys3(__NR_mprotect, copy, size, protection) && sys5(__NR_mremap, copy, size, size, MREMAP_ONTO, from) == (s64)from)
    return 1;
  sys2(__NR_munmap, copy, size);
  return 0;
}

/* From here on this process has no program file: its memory is its own, and /proc/self/exe an empty sealed file. That is
   what going on from a sealed copy is good for, without the time that execve() takes. PR_SET_MM_MAP (prctl(2)) wants
   CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN, and all numbers at once: they are those that the kernel has.
   Whether it was possible; where not, the process is as it was. */
static int forget_file(char **environment) {
  enum { AT_PHDR = 3, AT_PHNUM = 5, AT_PAGESZ = 6, PT_LOAD = 1, MOST = 8 };
  struct memory m = {.brk = (u64)sys1(__NR_brk, 0), .stack = (u64)environment};
  u64 found[MOST] = {0}, end = (u64)arguments + arguments_size + 1;
  m.start_brk = m.brk, m.arguments = (u64)arguments, m.arguments_end = m.environment = m.environment_end = end;
  for (; *environment; environment++) m.environment_end = (u64)*environment + length(*environment) + 1;
  for (const u64 *a = (const u64 *)(environment + 1); *a; a += 2)
    if (*a < MOST) found[*a] = a[1];
  const struct segment *segments = (const struct segment *)found[AT_PHDR];
  s64 file = empty_file();
  int done = file >= 0 && !sys3(__NR_fcntl, file, F_ADD_SEALS, ALL_SEALS);
  for (u64 i = 0; done && i < found[AT_PHNUM]; i++) {
    const struct segment *s = segments + i;
    u64 *range = s->flags & 1 ? m.code : m.data;
    if (s->type != PT_LOAD || !s->in_file) continue;
    done = copy_segment(s, found[AT_PAGESZ]);
    range[0] = s->address, range[1] = s->address + s->in_file;
  }
  m.exe = (u32)file;
  done = done && !sys5(__NR_prctl, PR_SET_MM, PR_SET_MM_MAP, &m, sizeof m, 0);
  if (file >= 0) sys1(__NR_close, file);
  return done;
}

/* What a caller closed stays closed, for the command too; but nothing that is opened here may get its number: what the
   container writes would go there. A path's descriptor refuses to be read and written as a closed one does (EBADF). */
static void occupy_closed_streams(void) {
  for (s32 fd = 0; fd < 3; fd++)
    if (sys2(__NR_fcntl, fd, F_GETFD) == -EBADF) sys4(__NR_openat, AT_FDCWD, "/dev/null", O_PATH | O_CLOEXEC, 0);
}

static int same(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

#include "client.h"

__attribute__((noreturn, used)) void start(s64 *stack);
void start(s64 *stack) {
  s64 argc = stack[0];
  char **argv = (char **)(stack + 1), **environment = argv + argc + 1;
  u64 all = ~0ul, handler[4] = {0};
  s32 self = open_self();
  int sealed = is_sealed(self);
  sys2(__NR_prctl, PR_SET_NAME, "bailey");
  sys4(__NR_rt_sigaction, SIGCHLD, handler, 0, 8); /* a parent may have left it ignored */
  arguments = argv[0];
  arguments_size = argc > 0 ? (u64)(argv[argc - 1] - argv[0]) + length(argv[argc - 1]) : 0;
  if (!sealed && is_client()) ask_planner(self, argc, argv, environment);
  if (!sealed) continue_from(sealed_copy(self), argv, environment);
  sys1(__NR_close, self);
  occupy_closed_streams();
  if (argc > 2 && same(argv[1], "--attend")) quit(resume(argv, environment));
  if (argc > 2 && same(argv[1], "--kept")) quit(resume_kept(argv, environment));
  if (argc > 2 && same(argv[1], "--cold")) quit(run_cold(argv + 2, environment));
  sys4(__NR_rt_sigprocmask, 2, &all, 0, 8);
  if (argc > 2 && same(argv[1], "--serve")) serve(argv[2], (s64)environment);
  if (argc == 2 && same(argv[1], "--run")) {
    s64 status = run_one(3, 4, (s64)environment);
    quit(status < 0 ? 125 : status);
  }
  quit(125);
}
