package bailey.linux.proc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What bailey needs of /proc/PID/status (proc_pid_status(5)).
 *
 * @param name of the command, at most 15 bytes, with the kernel's escapes of newline and backslash
 * @param state one letter: R, S, D, T, t, Z, X, I
 * @param tgid process id in the reader's pid namespace
 * @param pid thread id there
 * @param parent process id of the parent there, 0 if it is outside
 * @param tracer process id there of the process that traces it, 0 if none does
 * @param uids real, effective, saved, file system user id
 * @param gids the same of the group
 * @param nsPids thread ids from the reader's pid namespace to the innermost, empty before Linux 4.1
 * @param capabilities by their names in the file: {@code CapInh}, {@code CapPrm}, {@code CapEff},
 *     {@code CapBnd}, {@code CapAmb}; bit n is capability n
 * @param noNewPrivileges whether no_new_privs is set
 * @param seccomp 0 none, 1 strict, 2 filters
 */
public record TaskStatus(
    String name,
    char state,
    int tgid,
    int pid,
    int parent,
    int tracer,
    List<Long> uids,
    List<Long> gids,
    List<Integer> nsPids,
    Map<String, Long> capabilities,
    boolean noNewPrivileges,
    int seccomp) {
  /** Copies. */
  public TaskStatus {
    uids = List.copyOf(uids);
    gids = List.copyOf(gids);
    nsPids = List.copyOf(nsPids);
    capabilities = Map.copyOf(capabilities);
  }

  /** Of this process. */
  public static Optional<TaskStatus> read() {
    return parse(KernelFile.readOrEmpty("/proc/self/status"));
  }

  /** Of a process, empty if it is gone. */
  public static Optional<TaskStatus> read(long pid) {
    return parse(KernelFile.readOrEmpty("/proc/" + pid + "/status"));
  }

  /** Of the text of such a file, empty if the ids are not all there. */
  public static Optional<TaskStatus> parse(String text) {
    var fields = new HashMap<String, String>();
    for (var line : KernelFile.lines(text)) {
      int colon = line.indexOf(":\t");
      if (colon > 0) {
        fields.putIfAbsent(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    var uids = numbers(fields.getOrDefault("Uid", ""));
    var gids = numbers(fields.getOrDefault("Gid", ""));
    int tgid = Digits.small(fields.getOrDefault("Tgid", ""));
    int pid = Digits.small(fields.getOrDefault("Pid", ""));
    int parent = Digits.small(fields.getOrDefault("PPid", ""));
    String state = fields.getOrDefault("State", "");
    if (uids.size() != 4 || gids.size() != 4 || tgid < 0 || pid < 0 || parent < 0) {
      return Optional.empty();
    }
    return Optional.of(
        new TaskStatus(
            fields.getOrDefault("Name", ""),
            state.isEmpty() ? '?' : state.charAt(0),
            tgid,
            pid,
            parent,
            Math.max(0, Digits.small(fields.getOrDefault("TracerPid", ""))),
            uids,
            gids,
            small(fields.getOrDefault("NSpid", "")),
            capabilities(fields),
            fields.getOrDefault("NoNewPrivs", "").equals("1"),
            Math.max(0, Digits.small(fields.getOrDefault("Seccomp", "")))));
  }

  private static Map<String, Long> capabilities(Map<String, String> fields) {
    var sets = new HashMap<String, Long>();
    for (var set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
      var bits = Digits.parse(fields.getOrDefault(set, ""), 16);
      if (bits.isPresent()) {
        sets.put(set, bits.getAsLong());
      }
    }
    return sets;
  }

  private static List<Long> numbers(String text) {
    var numbers = new ArrayList<Long>();
    for (var word : KernelFile.words(text)) {
      var number = Digits.decimal(word);
      if (number.isPresent()) {
        numbers.add(number.getAsLong());
      }
    }
    return numbers;
  }

  private static List<Integer> small(String text) {
    var numbers = new ArrayList<Integer>();
    for (var word : KernelFile.words(text)) {
      int number = Digits.small(word);
      if (number >= 0) {
        numbers.add(number);
      }
    }
    return numbers;
  }
}
