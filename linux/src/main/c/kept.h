/* Plans that were kept (bailey.core.kept.KeptPlanCodec has the format): what a planner has answered to a call before, with
   all that the answer depends on. Where each of these is as it was, the plan is done without asking; where anything is
   different, or the plan fails before it has started something and was undone, the planner is asked as if there were none.
   Nothing is decided here: what has to be the same is listed in the file.

   The file is in the folder of the planner's socket, which is this user's alone; it is read once, into memory, and what was
   checked there is what is done. */

enum { KEPT_MAGIC = 0x4b594c42, KEPT_VERSION = 2, KEPT_MAX = 1 << 20, REGULAR = 0100000 };
enum { THE_CALL = 1, THE_NAME, A_VARIABLE, A_TEXT, SOME_LINES, A_LINK, A_DIRECTORY, A_PLACE, A_PROC, THE_WORD,
  A_TASK, THE_ENVIRONMENT, A_GUARDED, A_FEW, AN_INVENTED }; /* what it depends on */
enum { NAME_SLOT, TIME_SLOT, STAMP_SLOT, INVENTED_SLOT, SUM_SLOT };
enum { TIME_SIZE = 27, STAMP_SIZE = 19, NAME_MOST = 32, SUM_SIZE = 8, MARK_SIZE = 6 };
enum { NOT_SET = 0xffffffffu, FOLLOWED = 'F', PROC_MAGIC = 0x9fa0 };

struct kept { u32 magic; u16 version, terminals; u32 size, items, plan, slots, slot_count, spare; u64 sum; char build[16]; u64 rest; };
struct item { u32 kind, name, value, number; }; /* then the name and its NUL, and the value, up to a multiple of 8 */
struct slot { u32 at, what, from, spare; };

static u64 sum_words(const u64 *words, u64 n) {
  u64 sum = 0x9e3779b97f4a7c15;
  for (u64 i = 0; i < n; i++) sum = (sum ^ words[i]) * 0xff51afd7ed558ccd, sum ^= sum >> 32;
  return sum;
}

static int equal(const void *a, const void *b, u64 n) {
  const u8 *x = a, *y = b;
  while (n && *x == *y) x++, y++, n--;
  return !n;
}

/* ---- which file ---- */

static u64 mix_text(u64 hash, const char *text) {
  do hash = (hash ^ (u8)*text) * 0x100000001b3;
  while (*text++);
  return hash;
}

/* The file for a call, by its words and environment; of an OCI runtime by all words but the last, which is the name of a
   container; -1 none. */
static s32 find_kept(s32 folder, char **words, char **environment) {
  const char *wanted = variable(environment, "BAILEY_PLANS");
  char bailey[PATH_SIZE], directory[PATH_SIZE], name[24] = "plan-";
  if (folder < 0 || !words[0] || !words[1] || (wanted && same(wanted, "off"))) return -1;
  if (sys2(__NR_getcwd, directory, sizeof directory) < 0 || directory[0] != '/') return -1;
  const char *verb = plain_program(bailey);
  u64 hash = mix_text(mix_text(0xcbf29ce484222325, bailey), directory);
  int names = verb ? same(verb, "oci") : same(words[0], "oci");
  if (verb) hash = mix_text(hash, verb);
  for (; words[1]; words++) hash = mix_text(hash, *words);
  if (!names) {
    hash = mix_text(hash, *words);
    for (char **v = environment; *v; v++) hash = mix_text(hash, *v);
  }
  hash = mix(hash, length(*words));
  put_hex(name + 5, hash, 16);
  return (s32)sys4(__NR_openat, folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
}

/* ---- whether all is as it was ---- */

/* Moves on behind a text and its NUL. */
static int takes(const char **value, const char *end, const char *text) {
  u64 n = length(text) + 1;
  if (n > (u64)(end - *value) || !equal(*value, text, n)) return 0;
  *value += n;
  return 1;
}

/* The program, the working directory, and all words but the last. */
static int same_call(const char *value, u64 size, char **words) {
  char bailey[PATH_SIZE], directory[PATH_SIZE];
  const char *end = value + size;
  const char *verb = plain_program(bailey);
  if (sys2(__NR_getcwd, directory, sizeof directory) < 0) return 0;
  if (!takes(&value, end, bailey) || !takes(&value, end, directory) || (verb && !takes(&value, end, verb))) return 0;
  for (; words[1]; words++)
    if (!takes(&value, end, *words)) return 0;
  return value == end;
}

static int alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Another name of the same form: what is no letter and no digit is where it was. */
static int similar_name(const char *value, u64 size, const char *name) {
  if (length(name) != size) return 0;
  for (u64 i = 0; i < size; i++)
    if (name[i] != value[i] && !(alphanumeric(name[i]) && alphanumeric(value[i]))) return 0;
  return 1;
}

static int same_variable(const char *name, const char *value, u32 size, char **environment) {
  const char *now = variable(environment, name);
  return now ? size != NOT_SET && length(now) == size && equal(now, value, size) : size == NOT_SET;
}

static int same_environment(const char *value, u64 size, char **environment) {
  const char *end = value + size;
  for (; *environment; environment++)
    if (!takes(&value, end, *environment)) return 0;
  return value == end;
}

/* The text of a file; or lines that it has, in this order. */
static int same_text(const char *path, const char *value, u64 size, int lines) {
  static char text[16384];
  s32 fd = (s32)sys4(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  if (fd < 0) return 0;
  s64 n;
  u64 at = 0, begin = 0;
  int good = 1, other = 0; /* other: in a line that is none of them */
  while (good && (n = read_some(fd, text, sizeof text)) > 0)
    for (s64 i = 0; good && i < n; i++)
      if (other) other = text[i] != '\n';
      else if (at < size && text[i] == value[at]) {
        if (value[at++] == '\n') begin = at;
      } else if (lines) at = begin, other = text[i] != '\n';
      else good = 0;
  sys1(__NR_close, fd);
  return good && n == 0 && at == size;
}

static int same_link(const char *path, const char *value, u64 size) {
  char target[PATH_SIZE];
  s64 n = sys4(__NR_readlinkat, AT_FDCWD, path, target, sizeof target);
  return n >= 0 && (u64)n == size && equal(target, value, size);
}

/* A directory, and its path without links. */
static int same_directory(const char *path, const char *value, u64 size) {
  char link[64];
  u8 number[24];
  s32 fd = (s32)sys4(__NR_openat, AT_FDCWD, path, O_PATH | O_CLOEXEC | O_DIRECTORY, 0);
  if (fd < 0) return 0;
  decimal(number, fd);
  append(append(link, link + 60, "/proc/self/fd/"), link + 60, (char *)number);
  int good = same_link(link, value, size);
  sys1(__NR_close, fd);
  return good;
}

/* What is at a path, a letter; F behind it: at the end of the links there. */
static int same_place(const char *path, const char *value) {
  struct statx s;
  char kind = 'a';
  u32 flags = AT_STATX_DONT_SYNC | (value[1] == FOLLOWED ? 0 : AT_SYMLINK_NOFOLLOW);
  if (!sys5(__NR_statx, AT_FDCWD, path, flags, STATX_BASIC_STATS, &s)) {
    u32 type = s.mode & 0170000;
    kind = type == 0040000 ? 'd' : type == REGULAR ? 'f' : type == 0120000 ? 'l' : 'o';
  }
  return kind == value[0];
}

/* A directory of this user that nobody else may write to. */
static int is_guarded(const char *path) {
  struct statx s;
  return !sys5(__NR_statx, AT_FDCWD, path, AT_STATX_DONT_SYNC | AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &s)
    && (s.mode & 0170000) == 0040000 && s.uid == (u32)sys0(__NR_geteuid) && !(s.mode & 022);
}

/* Whether a directory has no more than so many entries; one call of sixteen looks. */
static int has_few(const char *path, u32 most) {
  u8 buffer[4096] __attribute__((aligned(8)));
  u8 chance = 0;
  u32 count = 0;
  s64 n;
  sys3(__NR_getrandom, &chance, 1, 0);
  if (chance & 15) return 1;
  s32 fd = (s32)sys4(__NR_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_DIRECTORY, 0);
  if (fd < 0) return 0;
  while (count <= most && (n = sys3(__NR_getdents64, fd, buffer, sizeof buffer)) > 0)
    for (s64 at = 0; at < n; at += ((struct dirent *)(buffer + at))->length) count++;
  sys1(__NR_close, fd);
  return count <= most;
}

static int is_proc(const char *path) {
  s64 where[16];
  return !sys2(__NR_statfs, path, where) && where[0] == PROC_MAGIC;
}

/* Whether the process runs that a file names; -1 where that cannot be told. */
static int task_runs(const char *path) {
  s64 fd = open_noted(path);
  if (fd < 0) return fd == -ESRCH ? 0 : -1;
  sys1(__NR_close, fd);
  return 1;
}

/* What a new name may be made of: characters that it may begin with, and that may follow. */
static struct { const char *first, *rest; u64 firsts, rests, size; } naming;

static int may_invent(const char *first, const char *rest, u64 rests, u32 size) {
  naming.first = first, naming.firsts = length(first), naming.rest = rest, naming.rests = rests, naming.size = size;
  return naming.firsts && naming.rests && size && size <= NAME_MOST;
}

static int holds(const struct item *item, char **words, char **environment) {
  const char *name = (const char *)(item + 1), *value = name + item->name;
  u32 size = item->value == NOT_SET ? 0 : item->value;
  switch (item->kind) {
    case THE_CALL: return same_call(value, size, words);
    case THE_NAME: {
      char **last = words;
      while (last[1]) last++;
      return similar_name(value, size, *last);
    }
    case THE_WORD: {
      char **last = words;
      while (last[1]) last++;
      return length(*last) == size && equal(*last, value, size);
    }
    case A_TASK: return size == 1 && task_runs(name) == (*value == 'R');
    case THE_ENVIRONMENT: return same_environment(value, size, environment);
    case A_GUARDED: return is_guarded(name);
    case A_FEW: return has_few(name, item->number);
    case AN_INVENTED: return may_invent(name, value, size, item->number);
    case A_VARIABLE: return same_variable(name, value, item->value, environment);
    case A_TEXT: return same_text(name, value, size, 0);
    case SOME_LINES: return same_text(name, value, size, 1);
    case A_LINK: return same_link(name, value, size);
    case A_DIRECTORY: return same_directory(name, value, size);
    case A_PLACE: return size == 2 && same_place(name, value);
    case A_PROC: return size == 1 && is_proc(name) == (*value == 'P');
    default: return 0;
  }
}

static int all_hold(const struct kept *k, char **words, char **environment) {
  const u8 *at = (const u8 *)(k + 1), *end = (const u8 *)k + k->slots;
  for (u32 i = 0; i < k->items; i++) {
    const struct item *item = (const struct item *)at;
    if ((u64)(end - at) < sizeof *item) return 0;
    u64 size = item->value == NOT_SET ? 0 : item->value, room = (u64)(end - at) - sizeof *item;
    if (!item->name || item->name > room || size > room - item->name || at[sizeof *item + item->name - 1]) return 0;
    if (!holds(item, words, environment)) return 0;
    u64 next = sizeof *item + ((item->name + size + 7) & ~7ul);
    at += next <= (u64)(end - at) ? next : (u64)(end - at);
  }
  return 1;
}

/* ---- what differs from call to call ---- */

static void put_number(u8 *to, s64 value, int digits) {
  for (; digits; digits--, value /= 10) to[digits - 1] = (u8)('0' + value % 10);
}

/* Nanoseconds since 1970. */
static void put_stamp(u8 *to, const struct timespec *t) {
  put_number(to, t->sec, STAMP_SIZE - 9), put_number(to + STAMP_SIZE - 9, t->nsec, 9);
}

/* As in RFC 3339 with microseconds, such as 2026-11-22T19:00:00.000000Z; days to a date as in
   howardhinnant.github.io/date_algorithms.html (civil_from_days). */
static void put_time(u8 *to, const struct timespec *t) {
  s64 days = t->sec / 86400 + 719468, second = t->sec % 86400;
  s64 era = days / 146097, of_era = days % 146097;
  s64 year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  s64 day = of_era - (365 * year + year / 4 - year / 100), month = (5 * day + 2) / 153;
  day -= (153 * month + 2) / 5 - 1, month += month < 10 ? 3 : -9;
  memcpy(to, "0000-00-00T00:00:00.000000Z", TIME_SIZE);
  put_number(to, year + era * 400 + (month <= 2), 4), put_number(to + 5, month, 2), put_number(to + 8, day, 2);
  put_number(to + 11, second / 3600, 2), put_number(to + 14, second / 60 % 60, 2), put_number(to + 17, second % 60, 2);
  put_number(to + 20, t->nsec / 1000, 6);
}

/* A name that is most probably free. */
static int invent(char *to) {
  u64 chance;
  if (sys3(__NR_getrandom, &chance, sizeof chance, 0) != sizeof chance) return 0;
  *to = naming.first[chance % naming.firsts], chance /= naming.firsts;
  for (u64 i = 1; i < naming.size; i++, chance /= naming.rests) to[i] = naming.rest[chance % naming.rests];
  return 1;
}

/* CRC-32 (zlib's) of a record, its digits. */
static void put_sum(u8 *to, const u8 *from, const u8 *end) {
  u32 table[16], sum = ~0u;
  for (u32 i = 0; i < 16; i++) {
    table[i] = i;
    for (int k = 0; k < 4; k++) table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320 : 0);
  }
  for (; from < end; from++) {
    sum = sum >> 4 ^ table[(sum ^ *from) & 15];
    sum = sum >> 4 ^ table[(sum ^ *from >> 4) & 15];
  }
  put_hex((char *)to, ~sum, SUM_SIZE);
}

/* In the plan's data only. 0: a place is not there. */
static int fill(const struct kept *k, u8 *plan, u32 total, const char *name) {
  const struct slot *slots = (const struct slot *)((const u8 *)k + k->slots);
  const struct header *h = (const struct header *)plan;
  u8 time[TIME_SIZE], stamp[STAMP_SIZE];
  char invented[NAME_MOST];
  const void *texts[] = {name, time, stamp, invented};
  const u64 sizes[] = {length(name), TIME_SIZE, STAMP_SIZE, naming.size}, data = data_of(h);
  struct timespec now;
  sys2(__NR_clock_gettime, CLOCK_REALTIME, &now);
  put_time(time, &now), put_stamp(stamp, &now);
  if (naming.size && !invent(invented)) return 0;
  for (u32 i = 0; i < k->slot_count; i++) {
    if (slots[i].what == SUM_SLOT) {
      if (slots[i].from < data || slots[i].at < (u64)slots[i].from + MARK_SIZE || (u64)slots[i].at + SUM_SIZE > total) return 0;
      put_sum(plan + slots[i].at, plan + slots[i].from, plan + slots[i].at - MARK_SIZE);
      continue;
    }
    if (slots[i].what > SUM_SLOT) return 0;
    u64 size = sizes[slots[i].what];
    if (!size || slots[i].at < data || (u64)slots[i].at + size > total) return 0;
    memcpy(plan + slots[i].at, texts[slots[i].what], size);
  }
  return 1;
}

/* ---- the whole ---- */

/* Of this user, whole, of this build and for this call; with its plan in it, ready to be done. 0: not to be used. */
static struct context *load_kept(s32 fd, char **words, char **environment) {
  struct statx s;
  char build[16];
  if (sys5(__NR_statx, fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS, &s)) return 0;
  if ((s.mode & 0170000) != REGULAR || s.mode & 077 || s.uid != (u32)sys0(__NR_geteuid)) return 0;
  if (s.size < sizeof(struct kept) + sizeof(struct header) || s.size > KEPT_MAX || s.size & 7) return 0;
  /* the plan is done where it lies, with its space behind it: more than a plan of such a file wants */
  u64 size = (sizeof(struct context) + s.size + KEPT_MAX + 4095) & ~4095ul;
  s64 m = sys6(__NR_mmap, 0, size, 3 /* read, write */, 0x22 /* private, anonymous */, -1, 0);
  if (m < 0) return 0;
  struct context *c = (struct context *)m;
  struct kept *k = (struct kept *)(c + 1);
  char **last = words;
  c->size = size, c->events = c->waits = -1;
  if (!read_all(fd, k, s.size)) goto bad;
  if (k->magic != KEPT_MAGIC || k->version != KEPT_VERSION || k->size != s.size) goto bad;
  u64 sum = k->sum;
  k->sum = 0;
  if (sum != sum_words((u64 *)k, s.size / 8)) goto bad;
  if (k->slots < sizeof *k || k->slots + (u64)k->slot_count * sizeof(struct slot) > k->plan) goto bad;
  if (k->plan & 7 || k->plan + sizeof(struct header) > s.size) goto bad;
  identify(build);
  if (!equal(build, k->build, sizeof build) || k->terminals != terminals()) goto bad;
  if (!all_hold(k, words, environment)) goto bad;
  c->plan = (u8 *)k + k->plan;
  struct header *h = (struct header *)c->plan;
  if (!plausible(h) || k->plan + (u64)h->total > s.size || h->memory - h->total > KEPT_MAX - 4096 || h->fds) goto bad;
  while (last[1]) last++;
  memset(c->plan + h->total, 0, s.size - k->plan - h->total);
  if (prepare(c) && fill(k, c->plan, h->total, *last)) return c;
bad:
  sys2(__NR_munmap, m, size);
  return 0;
}

/* The status that the plan has ended with; -1 where nothing was done, or all of it was undone before anything started. */
static s64 do_kept(struct context *c, char **environment) {
  u64 all = ~0ul, before;
  sys4(__NR_rt_sigprocmask, 2, &all, &before, 8);
  c->r[ENVIRONMENT] = (s64)environment;
  run(c);
  if (!c->reported || c->started) return c->status;
  close_opened(c);
  sys2(__NR_munmap, c, c->size);
  sys4(__NR_rt_sigprocmask, 2, &before, 0, 8);
  return -1;
}

/* Does a plan, or asks where there is none any more. No file of the program is open here. */
static s64 finish_kept(struct context *c, char **words, char **environment) {
  s64 status = c ? do_kept(c, environment) : -1;
  if (status >= 0) return status;
  planner.way = 'w';
  s32 folder = state_folder(environment, 1), copy = 0; /* this is it */
  int asked = ask_resident(folder, 1, words, environment, -1, &copy);
  if (folder >= 0) sys1(__NR_close, folder);
  return asked || ask_next(words, environment) ? attend_all(words, environment) : 125;
}

/* From the sealed copy: --kept DESCRIPTOR ARG.. */
static s64 resume_kept(char **argv, char **environment) {
  const char *number = argv[2];
  s32 fd = next_number(&number);
  find_library(argv[0]);
  struct context *c = load_kept(fd, argv + 3, environment);
  sys1(__NR_close, fd);
  return finish_kept(c, argv + 3, environment);
}

/* Whether there is a plan for this call that holds is said by coming back, or not. */
static void try_kept(s32 folder, s32 self, s64 argc, char **words, char **environment) {
  s32 fd = find_kept(folder, words, environment);
  struct context *c = fd >= 0 ? load_kept(fd, words, environment) : 0;
  char link[24];
  if (c && forget_file(environment)) {
    sys1(__NR_close, self), sys1(__NR_close, folder), sys1(__NR_close, fd);
    quit(finish_kept(c, words, environment));
  }
  if (c) {
    sys3(__NR_lseek, fd, 0, 0); /* it is read again */
    sys3(__NR_fcntl, fd, F_SETFD, 0);
    decimal((u8 *)link, fd);
    continue_with(sealed_copy(self), "--kept", link, argc, words, environment);
  }
  if (fd >= 0) sys1(__NR_close, fd);
}
