package bailey.oci.config;

import bailey.oci.config.OciProcess.CpuAffinity;
import bailey.oci.config.OciProcess.IoPriority;
import bailey.oci.config.OciProcess.Scheduler;
import bailey.oci.json.JsonReader;
import org.jspecify.annotations.Nullable;

/** Reads when a process gets its processor: scheduler, ioPriority and execCPUAffinity. */
final class SchedulerReader {
  /** By number (linux/sched.h); 4 was SCHED_ISO, which Linux never had. */
  private static final String[] POLICIES = {
    "SCHED_OTHER",
    "SCHED_FIFO",
    "SCHED_RR",
    "SCHED_BATCH",
    "SCHED_ISO",
    "SCHED_IDLE",
    "SCHED_DEADLINE"
  };

  private static final int FIFO = 1;
  private static final int RR = 2;
  private static final int ISO = 4;
  private static final int DEADLINE = 6;

  /** By bit (linux/sched.h). */
  private static final String[] FLAGS = {
    "SCHED_FLAG_RESET_ON_FORK",
    "SCHED_FLAG_RECLAIM",
    "SCHED_FLAG_DL_OVERRUN",
    "SCHED_FLAG_KEEP_POLICY",
    "SCHED_FLAG_KEEP_PARAMS",
    "SCHED_FLAG_UTIL_CLAMP_MIN",
    "SCHED_FLAG_UTIL_CLAMP_MAX"
  };

  private SchedulerReader() {}

  static Scheduler scheduler(JsonReader in) {
    var here = in.here();
    Integer policy = null;
    int nice = 0;
    int priority = 0;
    long flags = 0;
    long runtime = 0;
    long deadline = 0;
    long period = 0;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "policy" -> policy = policy(in);
        case "nice" -> nice = (int) in.integer(-20, 19, "a nice value from -20 to 19");
        case "priority" -> priority = (int) in.integer(0, 99, "a priority from 0 to 99");
        case "flags" -> {
          in.array("a list of flags, such as [\"SCHED_FLAG_RESET_ON_FORK\"]");
          while (in.element()) {
            flags |= 1L << Fields.word(in, FLAGS);
          }
        }
        case "runtime" -> runtime = nanoseconds(in);
        case "deadline" -> deadline = nanoseconds(in);
        case "period" -> period = nanoseconds(in);
        default -> in.skip();
      }
    }
    int number = Fields.required(in, here, "policy", policy);
    boolean realTime = number == FIFO || number == RR;
    if (realTime != priority > 0) {
      throw in.refused(
          here,
          realTime
              ? POLICIES[number] + " needs a priority from 1 to 99"
              : "priority " + priority + " is only for SCHED_FIFO and SCHED_RR; leave it out");
    }
    if (number == DEADLINE && runtime == 0) {
      throw in.refused(here, "SCHED_DEADLINE needs a runtime, in nanoseconds");
    }
    if (number != DEADLINE && runtime + deadline + period > 0) {
      throw in.refused(
          here, "runtime, deadline and period are only for SCHED_DEADLINE; leave them out");
    }
    return new Scheduler(number, nice, priority, flags, runtime, deadline, period);
  }

  private static int policy(JsonReader in) {
    int policy = Fields.word(in, POLICIES);
    if (policy == ISO) {
      throw in.wrong("SCHED_ISO", "is a policy that Linux does not have", "another one");
    }
    return policy;
  }

  private static long nanoseconds(JsonReader in) {
    return in.integer(0, Long.MAX_VALUE / 4, "a number of nanoseconds");
  }

  static IoPriority ioPriority(JsonReader in) {
    var here = in.here();
    Integer ioClass = null;
    int priority = 0;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "class" ->
            ioClass =
                1 + Fields.word(in, "IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE");
        case "priority" -> priority = (int) in.integer(0, 7, "a priority from 0 to 7");
        default -> in.skip();
      }
    }
    return new IoPriority(Fields.required(in, here, "class", ioClass), priority);
  }

  static CpuAffinity affinity(JsonReader in) {
    @Nullable String initial = null;
    @Nullable String last = null;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "initial" -> initial = NumberList.read(in, "CPUs");
        case "final" -> last = NumberList.read(in, "CPUs");
        default -> in.skip();
      }
    }
    return new CpuAffinity(initial, last);
  }
}
