package bailey.oci.config;

import bailey.core.seccomp.ArgTest;
import bailey.core.seccomp.ArgTest.Comparison;
import bailey.core.seccomp.SeccompAction;
import bailey.core.seccomp.SeccompAction.Verdict;
import bailey.core.seccomp.SeccompFlag;
import bailey.oci.config.OciSeccomp.Syscall;
import bailey.oci.json.JsonPlace;
import bailey.oci.json.JsonReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code linux.seccomp}. */
final class SeccompReader {
  private static final String[] ACTIONS = {
    "SCMP_ACT_KILL",
    "SCMP_ACT_KILL_THREAD",
    "SCMP_ACT_KILL_PROCESS",
    "SCMP_ACT_TRAP",
    "SCMP_ACT_ERRNO",
    "SCMP_ACT_TRACE",
    "SCMP_ACT_ALLOW",
    "SCMP_ACT_LOG",
    "SCMP_ACT_NOTIFY"
  };

  private static final Verdict[] VERDICTS = {
    Verdict.KILL_THREAD,
    Verdict.KILL_THREAD,
    Verdict.KILL_PROCESS,
    Verdict.TRAP,
    Verdict.ERRNO,
    Verdict.TRACE,
    Verdict.ALLOW,
    Verdict.LOG,
    Verdict.USER_NOTIF
  };

  /** All that the specification has; calls of those that this machine lacks cannot come. */
  private static final String[] ARCHITECTURES = {
    "SCMP_ARCH_X86",
    "SCMP_ARCH_X86_64",
    "SCMP_ARCH_X32",
    "SCMP_ARCH_ARM",
    "SCMP_ARCH_AARCH64",
    "SCMP_ARCH_LOONGARCH64",
    "SCMP_ARCH_M68K",
    "SCMP_ARCH_MIPS",
    "SCMP_ARCH_MIPS64",
    "SCMP_ARCH_MIPS64N32",
    "SCMP_ARCH_MIPSEL",
    "SCMP_ARCH_MIPSEL64",
    "SCMP_ARCH_MIPSEL64N32",
    "SCMP_ARCH_PPC",
    "SCMP_ARCH_PPC64",
    "SCMP_ARCH_PPC64LE",
    "SCMP_ARCH_S390",
    "SCMP_ARCH_S390X",
    "SCMP_ARCH_SH",
    "SCMP_ARCH_SHEB",
    "SCMP_ARCH_PARISC",
    "SCMP_ARCH_PARISC64",
    "SCMP_ARCH_RISCV64"
  };

  private static final String[] OPERATORS = {
    "SCMP_CMP_EQ",
    "SCMP_CMP_NE",
    "SCMP_CMP_LT",
    "SCMP_CMP_LE",
    "SCMP_CMP_GT",
    "SCMP_CMP_GE",
    "SCMP_CMP_MASKED_EQ"
  };

  private static final Comparison[] COMPARISONS = {
    Comparison.EQ,
    Comparison.NE,
    Comparison.LT,
    Comparison.LE,
    Comparison.GT,
    Comparison.GE,
    Comparison.MASKED_EQ
  };

  private static final int EPERM = 1;

  private SeccompReader() {}

  static OciSeccomp seccomp(JsonReader in) {
    var here = in.here();
    Verdict verdict = null;
    JsonPlace errnoPlace = null;
    Integer errno = null;
    List<String> architectures = List.of();
    List<String> flags = List.of();
    String listenerPath = null;
    String listenerMetadata = null;
    List<Syscall> syscalls = List.of();
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "defaultAction" -> verdict = VERDICTS[Fields.word(in, ACTIONS)];
        case "defaultErrnoRet" -> {
          errnoPlace = in.here();
          errno = errno(in);
        }
        case "architectures" ->
            architectures =
                Fields.list(
                    in,
                    "a list of names, such as [\"SCMP_ARCH_X86_64\"]",
                    item -> ARCHITECTURES[Fields.word(item, ARCHITECTURES)]);
        case "flags" ->
            flags =
                Fields.list(
                    in,
                    "a list of flags, such as [\"SECCOMP_FILTER_FLAG_LOG\"]",
                    SeccompReader::flag);
        case "listenerPath" -> listenerPath = Fields.optionalAbsolutePath(in);
        case "listenerMetadata" -> listenerMetadata = Fields.optional(in, "any string");
        case "syscalls" ->
            syscalls =
                Fields.list(in, "a list of objects with names and action", SeccompReader::syscall);
        default -> in.skip();
      }
    }
    var action = action(in, errnoPlace, Fields.required(in, here, "defaultAction", verdict), errno);
    var seccomp =
        new OciSeccomp(action, architectures, flags, listenerPath, listenerMetadata, syscalls);
    check(in, here, seccomp);
    return seccomp;
  }

  private static String flag(JsonReader in) {
    var flags = SeccompFlag.values();
    var names = new String[flags.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = flags[i].kernelName();
    }
    return names[Fields.word(in, names)];
  }

  private static int errno(JsonReader in) {
    return (int) in.integer(0, 0xffff, "an error number, such as 1 for EPERM");
  }

  private static SeccompAction action(
      JsonReader in, @Nullable JsonPlace place, Verdict verdict, @Nullable Integer errno) {
    boolean takes = verdict == Verdict.ERRNO || verdict == Verdict.TRACE;
    if (place != null && !takes) {
      throw in.refused(
          place, "only SCMP_ACT_ERRNO and SCMP_ACT_TRACE have an error number; remove it");
    }
    if (place != null && errno != null && verdict == Verdict.ERRNO && errno > 4095) {
      throw in.wrong(place, errno.toString(), "is above 4095", "an error number");
    }
    return new SeccompAction(verdict, errno != null ? errno : takes ? EPERM : 0);
  }

  private static Syscall syscall(JsonReader in) {
    var here = in.here();
    List<String> names = null;
    Verdict verdict = null;
    JsonPlace errnoPlace = null;
    Integer errno = null;
    List<ArgTest> args = List.of();
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "names" -> names = Fields.strings(in, "[\"read\", \"write\"]");
        case "action" -> verdict = VERDICTS[Fields.word(in, ACTIONS)];
        case "errnoRet" -> {
          errnoPlace = in.here();
          errno = errno(in);
        }
        case "args" ->
            args =
                Fields.list(
                    in, "a list of objects with index, value and op", SeccompReader::argument);
        default -> in.skip();
      }
    }
    var calls = Fields.required(in, here, "names", names);
    if (calls.isEmpty()) {
      throw in.refused(here, "names has no system call; write at least one");
    }
    var action = action(in, errnoPlace, Fields.required(in, here, "action", verdict), errno);
    return new Syscall(calls, action, args);
  }

  private static ArgTest argument(JsonReader in) {
    var here = in.here();
    Integer index = null;
    Long value = null;
    long valueTwo = 0;
    Comparison comparison = null;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "index" -> index = (int) in.integer(0, 5, "the number of an argument, from 0 to 5");
        case "value" -> value = in.unsigned("what the argument is compared with");
        case "valueTwo" -> valueTwo = in.unsigned("what the masked argument is compared with");
        case "op" -> comparison = COMPARISONS[Fields.word(in, OPERATORS)];
        default -> in.skip();
      }
    }
    var how = Fields.required(in, here, "op", comparison);
    int argument = Fields.required(in, here, "index", index);
    long first = Fields.required(in, here, "value", value);
    // bits beside the mask are dropped, as libseccomp does (_db_node_mask_fixup() in its db.c)
    if (how != Comparison.MASKED_EQ) {
      return ArgTest.of(argument, how, first);
    }
    return ArgTest.masked(argument, first, valueTwo & first);
  }

  private static void check(JsonReader in, JsonPlace here, OciSeccomp seccomp) {
    if (seccomp.defaultAction().verdict() == Verdict.USER_NOTIF) {
      throw in.refused(
          here,
          "SCMP_ACT_NOTIFY as defaultAction would have the listener asked about its own set-up;"
              + " name the calls in syscalls");
    }
    boolean notifies = false;
    for (var rule : seccomp.syscalls()) {
      if (rule.action().verdict() == Verdict.USER_NOTIF) {
        notifies = true;
        if (rule.names().contains("write")) {
          throw in.refused(
              here,
              "SCMP_ACT_NOTIFY for write would stop the runtime's own report to the listener; leave"
                  + " write out");
        }
      }
    }
    if (notifies && seccomp.listenerPath() == null) {
      throw in.refused(
          here, "SCMP_ACT_NOTIFY needs a listenerPath, the socket of who decides; add it");
    }
    if (seccomp.listenerMetadata() != null && seccomp.listenerPath() == null) {
      throw in.refused(
          here, "listenerMetadata is for nobody without a listenerPath; add that, or remove it");
    }
  }
}
