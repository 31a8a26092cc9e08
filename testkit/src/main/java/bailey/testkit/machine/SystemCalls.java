package bailey.testkit.machine;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.KernelText;
import bailey.core.kernel.CgroupFiles;
import bailey.core.plan.Step;
import bailey.core.spec.NamespaceKind;
import bailey.testkit.machine.OpenFile.Nothing;
import bailey.testkit.machine.OpenFile.OfNamespace;
import bailey.testkit.machine.OpenFile.OfProcess;
import bailey.testkit.machine.OpenFile.OnDisk;
import bailey.testkit.machine.OpenFile.PipeBuffer;
import bailey.testkit.machine.OpenFile.ReadEnd;
import bailey.testkit.machine.OpenFile.Refused;
import bailey.testkit.machine.OpenFile.Text;
import bailey.testkit.machine.OpenFile.WriteEnd;
import java.time.Instant;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The system calls of the fake machine: those on files of the state directory, control groups,
 * processes, pipes and locks do what the kernel does; all others succeed.
 */
final class SystemCalls {
  private static final int PR_SET_PDEATHSIG = 1;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int F_OFD_SETLK = 37;
  private static final int F_OFD_SETLKW = 38;
  private static final int F_WRLCK = 1;
  private static final int F_UNLCK = 2;
  private static final int STX_INO = 32;

  /** The options of a v1 hierarchy without a controller. */
  private static final String NONE = "none,";

  private static final String NAMED = NONE + "name=";
  private static final String SELF = "self/";
  private static final Pattern PROC = Pattern.compile("/proc/([0-9]+)(?:/(.*))?");

  private final FakeKernel kernel;
  private final FakeProcess self;
  private final Memory memory;

  SystemCalls(FakeKernel kernel, FakeProcess self, Memory memory) {
    this.kernel = kernel;
    this.self = self;
    this.memory = memory;
  }

  /** The process has become a program. */
  static final class Executed extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Program program;

    Executed(Program program) {
      super(null, null, false, false);
      this.program = program;
    }

    Program program() {
      return program;
    }
  }

  /** The result, or the negative error. */
  long call(Step.Call call, long[] a) throws InterruptedException {
    try {
      return switch (call.call()) {
        case OPENAT -> self.open(open(a[0], memory.text(a[1]), a[2]));
        case OPENAT2 ->
            self.open(
                a[0] == Flags.AT_FDCWD
                    ? kernel.namespaces().new Mount(self, memory.text(a[1]))
                    : new Nothing());
        case MOUNT_SETATTR ->
            descriptor(a[0]) instanceof FakeNamespaces.Mount mount
                ? mount.change((memory.number(a[3], 8) & Flags.MOUNT_ATTR_RDONLY) != 0)
                : 0;
        case CLOSE -> self.close((int) a[0]) ? 0 : refused(Errno.EBADF);
        case CLOSE_RANGE -> {
          self.closeRange(a[0], a[1]);
          yield 0;
        }
        case READ -> read(a[0], a[1], (int) a[2]);
        case WRITE -> descriptor(a[0]).write(self, memory.bytes(a[1], (int) a[2]));
        case DUP3 -> {
          self.put((int) a[1], descriptor(a[0]).share());
          yield a[1];
        }
        case MKDIRAT -> kernel.files().mkdir(memory.text(a[1]));
        case UNLINKAT -> kernel.files().unlink(memory.text(a[1]), (a[2] & Flags.AT_REMOVEDIR) != 0);
        case FACCESSAT2 -> kernel.files().access(memory.text(a[1]));
        case RENAMEAT2 -> kernel.files().rename(memory.text(a[1]), memory.text(a[3]));
        case FCNTL ->
            a[1] == F_DUPFD_CLOEXEC ? self.openFrom((int) a[2], descriptor(a[0]).share()) : lock(a);
        case PIPE2 -> pipe(a[0]);
        case EXECVE -> execute(memory.text(a[0]), a[1]);
        case PIDFD_OPEN -> self.open(new OfProcess(process(a[0])));
        case PIDFD_SEND_SIGNAL -> {
          process(descriptor(a[0])).signal((int) a[1]);
          yield 0;
        }
        case PRCTL -> {
          if (a[0] == PR_SET_PDEATHSIG) {
            self.diesWithParent();
          }
          yield 0;
        }
        case UNSHARE -> unshare(a[0]);
        case SETNS -> {
          if (descriptor(a[0]) instanceof OfNamespace namespace) {
            self.join(namespace.kind(), namespace.inode());
          }
          yield 0;
        }
        case STATX -> {
          if (descriptor(a[0]) instanceof OfNamespace namespace) {
            memory.put(a[4] + STX_INO, 8, namespace.inode());
          }
          yield 0;
        }
        case MOUNT -> {
          if (a[4] != 0 && memory.text(a[4]).startsWith(NAMED)) {
            kernel.mountGroups(memory.text(a[4]).substring(NONE.length()), memory.text(a[1]));
          }
          if ((a[3] & Flags.MS_BIND) != 0 && memory.text(a[1]).contains("/ns/")) {
            pin(memory.text(a[0]), memory.text(a[1]));
          }
          yield 0;
        }
        case UMOUNT2 -> unmount(memory.text(a[0]));
        case SCHED_SETAFFINITY -> {
          if (!self.place(BitSet.valueOf(memory.bytes(a[2], (int) a[1])))) {
            yield refused(Errno.EINVAL);
          }
          yield 0;
        }
        case SETHOSTNAME -> name("kernel/hostname", a);
        case SETDOMAINNAME -> name("kernel/domainname", a);
        case SOCKET ->
            self.open(a[0] == FakeNetwork.AF_NETLINK ? new FakeNetwork.Socket() : new Nothing());
        case CLOCK_GETTIME -> time(a[1]);
        default -> call.call().opens() ? self.open(new Nothing()) : 0;
      };
    } catch (Refused refused) {
      return -refused.errno().number();
    }
  }

  private void pin(String source, String point) {
    if (open(Flags.AT_FDCWD, source, 0) instanceof OfNamespace namespace) {
      kernel.namespaces().pin(point, namespace.kind(), namespace.inode());
    }
  }

  private long unmount(String point) {
    kernel.namespaces().unpin(point);
    try {
      kernel.unmountGroups(point);
      return 0;
    } catch (CgroupFiles.Refused refused) {
      throw new Refused(refused.errno().orElse(Errno.EIO));
    }
  }

  private static long refused(Errno errno) {
    throw new Refused(errno);
  }

  private OpenFile descriptor(long number) {
    var file = self.descriptor(number);
    if (file == null) {
      throw new Refused(Errno.EBADF);
    }
    return file;
  }

  private FakeProcess process(long pid) {
    var found = kernel.process(pid);
    if (found == null) {
      throw new Refused(Errno.ESRCH);
    }
    return found;
  }

  private static FakeProcess process(OpenFile pidfd) {
    if (pidfd instanceof OfProcess of) {
      return of.process();
    }
    throw new Refused(Errno.EBADF);
  }

  private long read(long number, long into, int length) throws InterruptedException {
    var bytes = new byte[length];
    int n = descriptor(number).read(self, bytes, length);
    memory.put(into, bytes, n);
    return n;
  }

  /** Writes the record of a plan: 0, or the negative error. */
  long write(long number, byte[] bytes) throws InterruptedException {
    try {
      int n = descriptor(number).write(self, bytes);
      return n == bytes.length ? 0 : -Errno.ENOSPC.number();
    } catch (Refused refused) {
      return -refused.errno().number();
    }
  }

  OpenFile open(long directory, String path, long flags) {
    if (directory != Flags.AT_FDCWD && self.descriptor(directory) instanceof OfProcess of) {
      return ofProcess(of.process(), path);
    }
    if (path.startsWith(SELF) && directory != Flags.AT_FDCWD) {
      return ofProcess(self, path.substring(SELF.length()));
    }
    if (path.equals("/proc")) {
      return new Nothing();
    }
    var pinned = kernel.namespaces().pinned(path);
    if (pinned.isPresent()) {
      return new OfNamespace(pinned.get().kind(), pinned.get().inode());
    }
    if (path.equals("/proc/self/timens_offsets")) {
      return kernel.namespaces().new Offsets();
    }
    var proc = PROC.matcher(path);
    if (proc.matches()) {
      return ofProc(proc);
    }
    return kernel.sysctls().open(self, path).orElseGet(() -> kernel.files().open(path, flags));
  }

  private OpenFile ofProc(Matcher proc) {
    var process = process(Long.parseLong(proc.group(1)));
    return proc.group(2) == null ? new OfProcess(process) : ofProcess(process, proc.group(2));
  }

  private OpenFile ofProcess(FakeProcess process, String file) {
    var text =
        switch (file) {
          case "stat" -> process.stat();
          case "mountinfo" -> kernel.namespaces().mountinfo(process);
          case "status" -> "Name:\tcommand\nNSpid:\t" + process.nsPids() + "\n";
          case "uid_map", "gid_map" -> "         0     524288      65536\n";
          case "setgroups" -> "allow\n";
          case "timens_offsets" -> kernel.namespaces().offsets(process);
          case "cgroup" -> kernel.namespaces().cgroup(process, self);
          default -> null;
        };
    if (text != null) {
      return new Text(KernelText.encode(text));
    }
    for (var kind : NamespaceKind.values()) {
      if (file.equals("ns/" + kind.fileForChildren())) {
        return new OfNamespace(kind, process.namespace(kind));
      }
    }
    return new Nothing();
  }

  private long lock(long[] a) throws InterruptedException {
    if ((a[1] != F_OFD_SETLK && a[1] != F_OFD_SETLKW)
        || !(descriptor(a[0]) instanceof OnDisk file)) {
      return 0;
    }
    long type = memory.number(a[2], 4) & 0xFFFF;
    if (type == F_UNLCK) {
      kernel.lockTable().release(file);
      return 0;
    }
    boolean exclusive = type == F_WRLCK;
    while (!kernel.lockTable().take(file, exclusive)) {
      if (a[1] == F_OFD_SETLK) {
        return refused(Errno.EAGAIN);
      }
      self.pause();
    }
    return 0;
  }

  private long pipe(long ends) {
    var buffer = new PipeBuffer(kernel);
    memory.put(ends, 4, self.open(new ReadEnd(buffer)));
    memory.put(ends + 4, 4, self.open(new WriteEnd(buffer)));
    return 0;
  }

  private long execute(String path, long arguments) {
    var program = kernel.program(path);
    if (program == null) {
      return refused(Errno.ENOENT);
    }
    self.become(memory.texts(arguments));
    throw new Executed(program);
  }

  private long unshare(long flags) {
    for (var kind : NamespaceKind.values()) {
      if ((flags & kind.flag()) != 0) {
        self.unshare(kind);
      }
    }
    return 0;
  }

  private long name(String sysctl, long[] a) {
    kernel
        .sysctls()
        .name(self, sysctl, KernelText.decode(memory.bytes(a[0], (int) a[1]), 0, (int) a[1]));
    return 0;
  }

  private long time(long into) {
    var now = Instant.now();
    memory.put(into, 8, now.getEpochSecond());
    memory.put(into + 8, 8, now.getNano());
    return 0;
  }
}
