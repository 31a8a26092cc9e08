/* The command line: sends what it was called with to a planner, a JVM, and does what that says. It decides nothing but
   where to ask, in this order: the planner that listens at STATE/serve/socket; one that it starts and that stays; one
   that it starts for this call alone. A planner that is gone before it has sent a plan is as if it had not been there.

   The program's file waits for nothing: while the planner thinks it goes on from its sealed copy (--attend). */

enum { REQUEST_MAGIC = 0x52594c42, REQUEST_VERSION = 1 };
enum { HELLO = 1, PLAN, WRITE, READ, EXIT, ELSEWHERE }; /* frames: from the planner */
enum { GO = 16, ANSWER, LEAVE };                        /* events for it, besides those of a plan */
enum { GONE = -1, OVER, PLANNED };                      /* how attending ended */
enum { PATIENCE = 2000, LAST_PATIENCE = 5000, BUSY_PATIENCE = 10000 }; /* milliseconds: for its first frame; for the last after a
                                                                          start; while it has too much to do */
enum { PATH_SIZE = 4096, LAUNCH_SIZE = 4096, MAX_WORDS = 48 };

struct request { u32 magic; u16 version, terminals; u32 size, arguments, variables; s32 pid; u32 spare[2]; };
struct frame { u32 kind, length; s64 value; };
struct hello { struct frame frame; char build[16]; };

static struct {
  s32 frames, events; /* descriptors from and to the planner, -1 none; of a socket the same */
  s32 pid;            /* of a planner for this call alone: a child; 0 none */
  char way;           /* w: it was there; s: it was started and stays; o: for this call only */
  s64 status;         /* that it told, -1 none */
} planner = {-1, -1, 0, 0, -1};

static char program[PATH_SIZE]; /* this program's file, bin/bailey or one of the others that it is called */
static char library[PATH_SIZE]; /* lib beside that folder */

/* ---- words ---- */

static int starts_with(const char *text, const char *start) {
  while (*start)
    if (*text++ != *start++) return 0;
  return 1;
}

/* The value of an environment variable, 0 if there is none. */
static const char *variable(char **environment, const char *name) {
  u64 n = length(name);
  for (; *environment; environment++)
    if (starts_with(*environment, name) && (*environment)[n] == '=') return *environment + n + 1;
  return 0;
}

/* What is behind the last slash but `up` of a path. */
static u64 folder(const char *path, int up) {
  u64 n = length(path);
  for (; n && up; up--)
    while (n && path[--n] != '/') {}
  return n;
}

/* bailey-oci VERB is bailey oci VERB, for engines; mount.bailey is bailey mount, for mount(8). Which word, 0: none. */
static const char *named(const char *name) { return same(name, "bailey-oci") ? "oci" : same(name, "mount.bailey") ? "mount" : 0; }

static int is_client(void) {
  s64 n = sys4(__NR_readlinkat, AT_FDCWD, "/proc/self/exe", program, sizeof program - 1);
  if (n <= 0) return 0;
  program[n] = 0;
  const char *name = program + folder(program, 1) + 1;
  return same(name, "bailey") || named(name);
}

static void find_library(const char *file) {
  if (file != program) append(program, program + sizeof program - 1, file);
  memcpy(library, program, folder(program, 2));
  append(library + folder(program, 2), library + sizeof library - 1, "/lib");
}

/* ---- which build this is: the files that every build, and every change of the JDK, makes anew ---- */

static u64 mix(u64 hash, u64 value) {
  for (int i = 0; i < 8; i++) hash = (hash ^ (value >> 8 * i & 0xff)) * 0x100000001b3;
  return hash;
}

static void put_hex(char *to, u64 value, int digits) {
  for (; digits; digits--, value >>= 4) to[digits - 1] = "0123456789abcdef"[value & 15];
}

static void identify(char *hex) {
  static const char *const names[] = {"/launch", "/release"};
  char path[PATH_SIZE];
  u64 hash = 0xcbf29ce484222325;
  for (int i = 0; i < 2; i++) {
    struct statx s = {0};
    append(append(path, path + sizeof path - 1, library), path + sizeof path - 1, names[i]);
    sys5(__NR_statx, AT_FDCWD, path, AT_STATX_DONT_SYNC, STATX_BASIC_STATS, &s);
    hash = mix(mix(mix(mix(hash, s.ino), s.size), (u64)s.mtime.sec), s.mtime.nsec);
  }
  put_hex(hex, hash, 16);
}

/* ---- the request ---- */

static s64 send_event(u32 signal, s64 value, void *data, u64 n) {
  struct event e = {0, signal, 0, (u32)n, value, 0};
  struct iovec v[2] = {{&e, sizeof e}, {data, n}};
  return write_parts(planner.events, v, n ? 2 : 1);
}

/* A terminal has settings. */
static u16 terminals(void) {
  u16 bits = 0;
  struct termios settings;
  for (s32 fd = 0; fd < 3; fd++)
    if (!sys3(__NR_ioctl, fd, TCGETS, &settings)) bits |= (u16)(1 << fd);
  return bits;
}

/* The strings of arguments and environment are one behind the other: so the kernel lays them out (create_elf_tables). */
static u64 extent(char **first, u32 *count) {
  if (!first[0]) return 0;
  u32 n = 0;
  while (first[n]) n++;
  *count = n;
  return (u64)(first[n - 1] - first[0]) + length(first[n - 1]) + 1;
}

/* Writes the path of bailey; the word that is to be added, 0: none. */
static const char *plain_program(char *bailey) {
  u64 n = folder(program, 1) + 1;
  append(append(bailey, bailey + n, program), bailey + PATH_SIZE - 1, "bailey");
  return named(program + n);
}

static int send_request(char **words, char **environment) {
  char directory[PATH_SIZE];
  /* of a directory that was removed, or that the root does not reach, there is no path */
  if (sys2(__NR_getcwd, directory, sizeof directory) < 0 || directory[0] != '/') append(directory, directory + 1, "/");
  struct request r = {REQUEST_MAGIC, REQUEST_VERSION, terminals(), 0, 0, 0, (s32)sys0(__NR_getpid), {0}};
  u64 arguments_length = extent(words, &r.arguments), variables_length = extent(environment, &r.variables);
  char bailey[PATH_SIZE];
  const char *verb = plain_program(bailey);
  r.arguments += verb != 0;
  struct iovec v[6] = {
    {&r, sizeof r}, {bailey, length(bailey) + 1}, {directory, length(directory) + 1}, {(char *)verb, verb ? length(verb) + 1 : 0},
    {words[0], arguments_length}, {environment[0], variables_length}};
  for (int i = 1; i < 6; i++) r.size += (u32)v[i].len;
  return write_parts(planner.events, v, 6) == 0;
}

/* ---- doing what it says ---- */

/* What it has to write; 0 or the error. */
static s64 pass_on(s32 fd, u32 n) {
  u8 text[4096];
  s64 error = 0;
  while (n) {
    u32 k = n < sizeof text ? n : (u32)sizeof text;
    if (!read_all(planner.frames, text, k)) return error;
    if (!error && (error = write_all(fd, text, k)) == -EPIPE) discard_broken_pipe();
    n -= k;
  }
  return error;
}

static void read_on(s32 fd, u32 most) {
  u8 text[4096];
  s64 n = read_some(fd, text, most < sizeof text ? most : sizeof text);
  send_event(ANSWER, n, text, n > 0 ? (u64)n : 0);
}

/* Does what the planner asks until it sends a plan, an end, or nothing for `patience` milliseconds; -1: for ever. */
static int attend(s64 patience) {
  struct frame f;
  for (;;) {
    struct pollfd p = {planner.frames, POLLIN, 0};
    s64 ready = patience < 0 ? 1 : wait_for(&p, 1, patience);
    if (ready == -EINTR) continue;
    if (ready <= 0 || !read_all(planner.frames, &f, sizeof f)) return GONE;
    switch (f.kind) {
      case PLAN: return PLANNED;
      case WRITE: send_event(ANSWER, pass_on((s32)f.value, f.length), 0, 0); continue;
      case READ: read_on((s32)f.value, f.length); continue;
      case EXIT: planner.status = f.value; return OVER;
      case ELSEWHERE: planner.way = 's'; return GONE; /* the next way is the one behind it */
      default: return GONE;
    }
  }
}

static void let_go(void) {
  if (planner.frames >= 0) sys1(__NR_close, planner.frames);
  if (planner.events >= 0 && planner.events != planner.frames) sys1(__NR_close, planner.events);
  planner.frames = planner.events = -1;
}

/* The status that a child has ended with. */
static s64 await_child(s32 pid) {
  s32 status = 0;
  while (sys4(__NR_wait4, pid, &status, 0, 0) == -EINTR) {}
  return wait_status_code(status);
}

/* It has heard how the start went, and has a last word. No command waits for long until a planner that hangs has said it. */
static void dismiss_planner(struct context *c) {
  if (planner.frames < 0 || c->child) return;
  attend(LAST_PATIENCE);
  let_go();
  c->events = -1;
  if (planner.pid) await_child(planner.pid);
  planner.pid = 0;
}

static int attended(void) { return planner.frames >= 0; }

static s64 told_status(void) { return planner.status; }

/* ---- where to ask ---- */

/* The folder of the socket is this user's and nobody else's, or it does not count. `make`: with the state directory where that
   is not there, so that those who call first at the same time find each other. */
static s32 own_folder(const char *state, int make) {
  char path[PATH_SIZE];
  struct statx s;
  append(append(path, path + sizeof path - 1, state), path + sizeof path - 1, "/serve");
  s32 fd = (s32)sys4(__NR_openat, AT_FDCWD, path, O_PATH | O_CLOEXEC | O_NOFOLLOW | O_DIRECTORY, 0);
  if (fd == -ENOENT && make && !sys3(__NR_mkdirat, AT_FDCWD, state, 0700)) {
    sys3(__NR_mkdirat, AT_FDCWD, path, 0700);
    return own_folder(state, 0);
  }
  if (fd < 0) return -1;
  if (!sys5(__NR_statx, fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS, &s)
      && s.uid == (u32)sys0(__NR_geteuid) && !(s.mode & 077)) return fd;
  sys1(__NR_close, fd);
  return -1;
}

/* See bailey.engine.journal.StateDirectory; what is not there is passed over. */
static s32 state_folder(char **environment, int make) {
  char path[PATH_SIZE];
  const char *given = variable(environment, "BAILEY_STATE"), *end = path + sizeof path - 1;
  if (given) return given[0] == '/' ? own_folder(given, make) : -1;
  s64 uid = sys0(__NR_geteuid);
  if (!uid) return own_folder("/run/bailey", make);
  const char *runtime = variable(environment, "XDG_RUNTIME_DIR");
  if (runtime && runtime[0] == '/') {
    struct statx s;
    if (!sys5(__NR_statx, AT_FDCWD, runtime, AT_STATX_DONT_SYNC, STATX_BASIC_STATS, &s)
        && (s.mode & 0170000) == 0040000) {
      append(append(path, end, runtime), end, "/bailey");
      return own_folder(path, make);
    }
  }
  u8 number[24];
  decimal(number, uid);
  append(append(path, end, "/tmp/bailey-"), end, (char *)number);
  return own_folder(path, make);
}

/* Connects to the planner that listens in a folder; it must be this user's. The folder's descriptor and not
   its path is what leads to the socket, so its length does not matter and what was checked is what is used. */
static int connect_planner(s32 at) {
  struct { u16 family; char path[108]; } address = {1, {0}};
  struct { s64 seconds, micros; } patience = {PATIENCE / 1000, 0};
  struct { u32 pid, uid, gid; } peer;
  u32 size = sizeof peer;
  u8 number[24];
  if (at < 0) return 0;
  decimal(number, at);
  char *end = append(address.path, address.path + 100, "/proc/self/fd/");
  end = append(append(end, address.path + 100, (char *)number), address.path + 100, "/socket");
  s32 fd = (s32)sys3(__NR_socket, 1, 1 | O_CLOEXEC, 0);
  sys5(__NR_setsockopt, fd, 1 /* SOL_SOCKET */, 21 /* SO_SNDTIMEO */, &patience, sizeof patience);
  s64 error = sys3(__NR_connect, fd, &address, 2 + (end - address.path) + 1);
  if (!error && !sys5(__NR_getsockopt, fd, 1, 17 /* SO_PEERCRED */, &peer, &size)
      && peer.uid == (u32)sys0(__NR_geteuid)) {
    planner.frames = planner.events = fd;
    return 1;
  }
  sys1(__NR_close, fd);
  return 0;
}

/* Whether the planner that was there takes the call. Until it hears GO it does nothing of it. Who turns callers away that do
   not stand where it stands may have hung up by then, or before it was `sent` all of the call: another that stays would
   stand where nobody stops it. */
enum { REFUSED, TAKEN, BUSY };
static int greeted(int sent) {
  struct hello hello;
  char build[16];
  struct pollfd p = {planner.frames, POLLIN, 0};
  s64 ready;
  do ready = wait_for(&p, 1, PATIENCE);
  while (ready == -EINTR);
  if (ready == 0) planner.way = 's'; /* it is stopped, or has too much to do: another would be one too many */
  if (ready <= 0 || !read_all(planner.frames, &hello, sizeof hello)) return REFUSED;
  if (hello.frame.kind == ELSEWHERE && hello.frame.value) return BUSY;
  if (hello.frame.kind == ELSEWHERE) planner.way = 's';
  if (hello.frame.kind != HELLO) return REFUSED;
  identify(build);
  for (int i = 0; i < 16; i++)
    if (build[i] != hello.build[i]) {
      send_event(LEAVE, 0, 0, 0);
      return REFUSED;
    }
  if (sent && send_event(GO, 0, 0, 0) == 0) return TAKEN;
  if (wait_for(&p, 1, 0) > 0 && read_all(planner.frames, &hello.frame, sizeof hello.frame) && hello.frame.kind == ELSEWHERE)
    planner.way = 's';
  return REFUSED;
}

/* Whether no planner was started in the last two seconds that has not come yet; then this is the one that `starts` one. It
   removes the file when it is there, or will not come. */
static int none_comes(s32 folder, int starts) {
  struct statx s;
  struct timespec now;
  s32 flags = starts ? O_RDWR | O_CREAT : O_RDONLY;
  s32 fd = (s32)sys4(__NR_openat, folder, "starting", flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  if (fd < 0) return 1;
  sys2(__NR_flock, fd, 2 /* LOCK_EX */);
  sys2(__NR_clock_gettime, CLOCK_REALTIME, &now);
  int mine = sys5(__NR_statx, fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &s) || !s.size
    || now.sec < s.mtime.sec || (now.sec - s.mtime.sec) * 1000 + (now.nsec - s.mtime.nsec) / 1000000 >= PATIENCE;
  if (mine && starts) sys4(__NR_pwrite64, fd, "\n", 1, 0);
  sys1(__NR_close, fd);
  return mine;
}

/* Asks the planner that is there, or about to come. One that has too much to do is asked again, later each time: a JVM for
   each of hundreds of callers would take far longer. `copy`: made meanwhile. */
static int ask_resident(s32 folder, int starts, char **words, char **environment, s32 self, s32 *copy) {
  for (s64 pause = 5, waited = 0; folder >= 0; pause = pause < 320 ? 2 * pause : pause) {
    if (connect_planner(folder)) {
      int sent = send_request(words, environment);
      if (*copy < 0) *copy = sealed_copy(self);
      int taken = greeted(sent);
      if (taken != BUSY) return taken;
      let_go();
    } else if (none_comes(folder, starts)) return 0;
    if (waited >= BUSY_PATIENCE) {
      planner.way = 's';
      return 0;
    }
    struct timespec t = {pause / 1000, pause % 1000 * 1000000};
    sys2(__NR_nanosleep, &t, 0);
    waited += pause;
  }
  return 0;
}

/* ---- starting a planner ---- */

static char *jvm[MAX_WORDS + 4];
static char jvm_text[4 * LAUNCH_SIZE];

/* The JVM's arguments, one in each line of lib/launch, % for lib. As an OCI runtime it has an AOT cache of its own.
   BAILEY_MODULES: modules with further subsystems, for which the caches were not made. The number of words, 0 where the file
   cannot be read. */
static int read_launch(char **arguments, char **environment) {
  char text[LAUNCH_SIZE], path[PATH_SIZE];
  const char *modules = variable(environment, "BAILEY_MODULES");
  int oci = plain_program(path) || (arguments[0] && same(arguments[0], "oci"));
  append(append(path, path + sizeof path - 1, library), path + sizeof path - 1, "/launch");
  s32 fd = (s32)sys4(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  s64 n = fd < 0 ? 0 : read_some(fd, text, sizeof text);
  if (fd >= 0) sys1(__NR_close, fd);
  char *to = jvm_text;
  const char *end = jvm_text + sizeof jvm_text - 1;
  int words = 0;
  for (s64 i = 0; i < n && words < MAX_WORDS; i++) {
    char *word = to;
    s64 first = i;
    for (; i < n && text[i] != '\n'; i++)
      if (text[i] == '%') to = append(to, end, library);
      else if (to < end) *to++ = text[i];
    if (modules && *modules) {
      if (i == first + 1 && text[first] == '%') to = append(append(to, end, ":"), end, modules);
      *to = 0;
      if (starts_with(word, "-XX:AOTCache=")) {
        to = word;
        continue;
      }
    }
    if (to >= end) return 0;
    *to = 0;
    if (oci && starts_with(word, "-XX:AOTCache=") && same(to - 4, ".aot")) to = append(to - 4, end, "-oci.aot");
    if (to >= end) return 0;
    *to++ = 0;
    jvm[words++] = word;
  }
  jvm[words] = 0;
  return words;
}

_Noreturn static void become_planner(char **words, char **environment, int stays) {
  static char *bare[] = {"LC_ALL=C.UTF-8", "MALLOC_ARENA_MAX=1", 0};
  static char *fallback[MAX_WORDS + 8];
  char path[PATH_SIZE];
  u64 none = 0, usual[4] = {0};
  if (stays) sys3(__NR_close_range, 5, ~0u, 0); /* else what the caller has opened is for it too */
  sys1(__NR_chdir, "/");
  for (u32 n = 1; n <= 64; n++) sys4(__NR_rt_sigaction, n, usual, 0, 8);
  sys4(__NR_rt_sigprocmask, 2, &none, 0, 8);
  if (stays) {
    s32 null = (s32)sys4(__NR_openat, AT_FDCWD, "/dev/null", O_RDWR, 0);
    for (s32 fd = 0; fd < 3; fd++) sys3(__NR_dup3, null, fd, 0);
    sys1(__NR_close, null);
    sys1(__NR_umask, 022);
  } else
    for (s32 fd = 0; fd < 3; fd++) sys3(__NR_fcntl, fd, F_SETFD, 0);
  sys3(__NR_execve, words[0], words, bare);
  /* the JDK that this was built with is gone: a script finds another, or says so */
  append(append(path, path + sizeof path - 1, library), path + sizeof path - 1, "/start");
  fallback[0] = "sh", fallback[1] = path;
  for (int i = 0; (fallback[i + 2] = words[i]); i++) {}
  if (!stays && library[0]) sys3(__NR_execve, "/bin/sh", fallback, environment);
  quit(125);
}

/* In a session of its own: what the terminal sends is for this process. One that stays is nobody's child. */
static int start_planner(char **words, char **environment, int stays) {
  s32 frames[2], events[2];
  if (sys2(__NR_pipe2, frames, O_CLOEXEC) || sys2(__NR_pipe2, events, O_CLOEXEC)) return 0;
  move_up(&frames[0]), move_up(&frames[1]), move_up(&events[0]), move_up(&events[1]);
  s64 parent = sys0(__NR_getpid);
  s64 pid = sys5(__NR_clone, SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) {
    if (stays && sys5(__NR_clone, SIGCHLD, 0, 0, 0, 0)) quit(0);
    if (!stays) {
      sys5(__NR_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
      if (sys0(__NR_getppid) != parent) quit(125);
    }
    sys0(__NR_setsid);
    sys3(__NR_dup3, frames[1], 3, 0);
    sys3(__NR_dup3, events[0], 4, 0);
    become_planner(words, environment, stays);
  }
  sys1(__NR_close, frames[1]);
  sys1(__NR_close, events[0]);
  planner.frames = frames[0], planner.events = events[1];
  if (pid > 0 && stays) await_child((s32)pid);
  if (pid > 0 && !stays) planner.pid = (s32)pid;
  return pid > 0;
}

/* Asks by the next way after `planner.way`. 0: there is none. */
static int ask_next(char **words, char **environment) {
  for (;;) {
    let_go();
    if (planner.way == 'o') return 0;
    int stays = planner.way != 's';
    planner.way = stays ? 's' : 'o';
    int n = read_launch(words, environment);
    if (!n) return 0;
    jvm[n] = stays ? "--stay" : "--answer", jvm[n + 1] = 0;
    if (start_planner(jvm, environment, stays) && (send_request(words, environment) || !stays)) return 1;
  }
}

/* ---- the whole ---- */

/* Attends to the planner; when it is gone, to the next one. */
static s64 attend_all(char **words, char **environment) {
  u64 all = ~0ul;
  for (;;) {
    switch (attend(-1)) {
      case OVER: let_go(); return planner.pid ? await_child(planner.pid), planner.status : planner.status;
      case PLANNED: {
        sys4(__NR_rt_sigprocmask, 2, &all, 0, 8);
        s64 status = run_one(planner.frames, planner.events, (s64)environment);
        return status < 0 ? 125 : status;
      }
      default: break;
    }
    let_go();
    if (planner.pid) { /* it was the last way; what it had to say it has said itself */
      s64 status = await_child(planner.pid);
      return status ? status : 125;
    }
    if (!ask_next(words, environment)) return 125;
  }
}

static void ignore_broken_pipes(void) {
  u64 pipe = 1ul << (SIGPIPE - 1);
  sys4(__NR_rt_sigprocmask, 0 /* block */, &pipe, 0, 8);
}

/* This process becomes the planner itself: bailey serve. */
_Noreturn static void serve_in_place(char **argv, char **environment) {
  char *words[MAX_WORDS + 8];
  u64 none = 0;
  int n = read_launch(argv, environment), i = 0;
  for (; i < n; i++) words[i] = jvm[i];
  for (; *argv && i < MAX_WORDS + 7; argv++) words[i++] = *argv;
  words[i] = 0;
  sys4(__NR_rt_sigprocmask, 2, &none, 0, 8);
  if (n) sys3(__NR_execve, words[0], words, environment);
  quit(125);
}

static s32 next_number(const char **text) {
  s32 n = 0;
  while (**text == ' ') ++*text;
  for (; **text >= '0' && **text <= '9'; ++*text) n = n * 10 + (**text - '0');
  return n;
}

_Noreturn static void continue_with(s32 copy, const char *mode, char *link, s64 argc, char **words, char **environment) {
  char *again[argc + 4];
  again[0] = program, again[1] = (char *)mode, again[2] = link;
  for (s64 i = 0; (again[i + 3] = words[i]); i++) {}
  continue_from(copy, again, environment);
}

#include "kept.h"

/* Sends the call off and goes on from the sealed copy, or does what was answered before. */
_Noreturn static void ask_planner(s32 self, s64 argc, char **argv, char **environment) {
  const char *serving = variable(environment, "BAILEY_SERVE"), *modules = variable(environment, "BAILEY_MODULES");
  char **words = argv + (argc > 0), link[64];
  u8 number[24];
  int serves = argc > 1 && same(argv[1], "serve");
  find_library(program);
  occupy_closed_streams();
  ignore_broken_pipes();
  planner.way = (serving && same(serving, "off")) || (modules && *modules) ? 's' : 'w';
  s32 copy = -1, folder = planner.way == 'w' && (!serves || argc > 2) ? state_folder(environment, !serves) : -1;
  try_kept(folder, self, argc, words, environment);
  int asked = ask_resident(folder, !serves, words, environment, self, &copy);
  if (folder >= 0) sys1(__NR_close, folder);
  if (!asked && serves) serve_in_place(words, environment);
  if (!asked && !ask_next(words, environment)) quit(125);
  if (copy < 0) copy = sealed_copy(self);
  /* what is open for the planner goes along */
  sys3(__NR_fcntl, planner.frames, F_SETFD, 0);
  sys3(__NR_fcntl, planner.events, F_SETFD, 0);
  const s64 numbers[] = {planner.frames, planner.events, planner.pid};
  char *to = link;
  *to++ = planner.way;
  for (int i = 0; i < 3; i++) {
    decimal(number, numbers[i]);
    to = append(append(to, link + 60, " "), link + 60, (char *)number);
  }
  continue_with(copy, "--attend", link, argc, words, environment);
}

/* From the sealed copy: --attend "WAY FRAMES EVENTS PID" ARG.. */
static s64 resume(char **argv, char **environment) {
  const char *link = argv[2];
  planner.way = *link++;
  planner.frames = next_number(&link), planner.events = next_number(&link), planner.pid = next_number(&link);
  sys3(__NR_fcntl, planner.frames, F_SETFD, 1);
  sys3(__NR_fcntl, planner.events, F_SETFD, 1);
  find_library(argv[0]);
  return attend_all(argv + 3, environment);
}

static s64 run_cold(char **words, char **environment) {
  char *none[] = {0};
  ignore_broken_pipes();
  planner.way = 'o';
  if (!start_planner(words, environment, 0)) return 125;
  send_request(none, environment);
  return attend_all(none, environment);
}
