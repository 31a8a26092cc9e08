package bailey.oci.config;

import bailey.core.spec.Capability;
import bailey.core.spec.CapabilitySet;
import bailey.core.spec.Rlimit;
import bailey.oci.config.OciProcess.Capabilities;
import bailey.oci.config.OciProcess.ConsoleSize;
import bailey.oci.config.OciProcess.CpuAffinity;
import bailey.oci.config.OciProcess.IoPriority;
import bailey.oci.config.OciProcess.User;
import bailey.oci.json.JsonPlace;
import bailey.oci.json.JsonReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code process}. */
final class ProcessReader {
  private static final String NO_LIMIT = "18446744073709551615 for no limit";

  private final JsonReader in;
  private final List<String> warnings;

  private boolean terminal;
  private @Nullable ConsoleSize consoleSize;
  private User user = new User(0, 0, null, List.of());
  private @Nullable List<String> args;
  private List<String> env = List.of();
  private @Nullable String cwd;
  private @Nullable Capabilities capabilities;
  private List<Rlimit> rlimits = List.of();
  private boolean noNewPrivileges;
  private @Nullable String apparmorProfile;
  private @Nullable String selinuxLabel;
  private @Nullable Integer oomScoreAdj;
  private OciProcess.@Nullable Scheduler scheduler;
  private @Nullable IoPriority ioPriority;
  private @Nullable CpuAffinity affinity;

  ProcessReader(JsonReader in, List<String> warnings) {
    this.in = in;
    this.warnings = warnings;
  }

  OciProcess process() {
    var here = in.here();
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      field(name);
    }
    return new OciProcess(
        terminal,
        terminal ? consoleSize : null,
        user,
        Fields.required(in, here, "args", args),
        env,
        Fields.required(in, here, "cwd", cwd),
        capabilities,
        rlimits,
        noNewPrivileges,
        apparmorProfile,
        selinuxLabel,
        oomScoreAdj,
        scheduler,
        ioPriority,
        affinity);
  }

  private void field(String name) {
    switch (name) {
      case "terminal" -> terminal = in.bool();
      case "consoleSize" -> consoleSize = consoleSize();
      case "user" -> user = user();
      case "args" -> args = args();
      case "env" -> env = Fields.environment(in);
      case "cwd" -> cwd = Fields.absolutePath(in);
      case "capabilities" -> capabilities = capabilities();
      case "rlimits" -> rlimits = rlimits();
      case "noNewPrivileges" -> noNewPrivileges = in.bool();
      case "apparmorProfile" ->
          apparmorProfile = Fields.optional(in, "the name of an AppArmor profile");
      case "selinuxLabel" -> selinuxLabel = Fields.optional(in, "an SELinux context");
      case "oomScoreAdj" ->
          oomScoreAdj = (int) in.integer(-1000, 1000, "a number from -1000 to 1000");
      case "scheduler" -> scheduler = SchedulerReader.scheduler(in);
      case "ioPriority" -> ioPriority = SchedulerReader.ioPriority(in);
      case "execCPUAffinity" -> affinity = SchedulerReader.affinity(in);
      default -> in.skip();
    }
  }

  private ConsoleSize consoleSize() {
    var here = in.here();
    Long height = null;
    Long width = null;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "height" -> height = in.integer(0, 0xffff, "a number of lines from 0 to 65535");
        case "width" -> width = in.integer(0, 0xffff, "a number of columns from 0 to 65535");
        default -> in.skip();
      }
    }
    return new ConsoleSize(
        Fields.required(in, here, "height", height).intValue(),
        Fields.required(in, here, "width", width).intValue());
  }

  private User user() {
    var here = in.here();
    Long uid = null;
    Long gid = null;
    Integer umask = null;
    List<Long> additional = List.of();
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "uid" -> uid = Fields.id(in);
        case "gid" -> gid = Fields.id(in);
        case "umask" -> umask = (int) in.integer(0, 0777, "a umask from 0 to 511, which is 0777");
        case "additionalGids" ->
            additional = Fields.list(in, "a list of group ids, such as [10, 20]", Fields::id);
        default -> in.skip();
      }
    }
    return new User(
        Fields.required(in, here, "uid", uid),
        Fields.required(in, here, "gid", gid),
        umask,
        additional);
  }

  private List<String> args() {
    var here = in.here();
    var list = Fields.strings(in, "[\"sh\", \"-c\", \"true\"]");
    if (list.isEmpty() || list.getFirst().isEmpty()) {
      throw in.refused(here, "no program is named; write it first, such as [\"sh\"]");
    }
    return list;
  }

  private Capabilities capabilities() {
    var sets = new CapabilitySet[5];
    Arrays.fill(sets, CapabilitySet.NONE);
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "bounding" -> sets[0] = set();
        case "effective" -> sets[1] = set();
        case "inheritable" -> sets[2] = set();
        case "permitted" -> sets[3] = set();
        case "ambient" -> sets[4] = set();
        default -> in.skip();
      }
    }
    return new Capabilities(sets[0], sets[1], sets[2], sets[3], sets[4]);
  }

  private CapabilitySet set() {
    var set = CapabilitySet.NONE;
    in.array("a list of names of capabilities(7), such as [\"CAP_KILL\"]");
    while (in.element()) {
      var name = in.string("the name of a capability, such as \"CAP_KILL\"");
      var capability = Capability.ofKernelName(name);
      if (capability == null) {
        warnings.add(in.path() + ": " + name + " is ignored: bailey knows no such capability");
      } else {
        set = set.with(CapabilitySet.of(capability));
      }
    }
    return set;
  }

  private List<Rlimit> rlimits() {
    var list = new ArrayList<Rlimit>();
    in.array("a list of limits, such as [{\"type\": \"RLIMIT_CORE\", \"soft\": 0, \"hard\": 0}]");
    while (in.element()) {
      var here = in.here();
      var limit = rlimit(here);
      for (var other : list) {
        if (other.resource() == limit.resource()) {
          throw in.refused(
              here, "RLIMIT_" + limit.resource() + " is given twice; keep one of them");
        }
      }
      list.add(limit);
    }
    return List.copyOf(list);
  }

  private Rlimit rlimit(JsonPlace here) {
    Rlimit.Resource resource = null;
    Long soft = null;
    Long hard = null;
    in.object();
    for (var name = in.field(); name != null; name = in.field()) {
      switch (name) {
        case "type" -> resource = resource();
        case "soft" -> soft = in.unsigned("the limit in force, " + NO_LIMIT);
        case "hard" -> hard = in.unsigned("the highest soft limit, " + NO_LIMIT);
        default -> in.skip();
      }
    }
    var type = Fields.required(in, here, "type", resource);
    long inForce = Fields.required(in, here, "soft", soft);
    long highest = Fields.required(in, here, "hard", hard);
    if (Long.compareUnsigned(inForce, highest) > 0) {
      throw in.refused(
          here,
          "the soft limit "
              + Long.toUnsignedString(inForce)
              + " is above the hard one, "
              + Long.toUnsignedString(highest)
              + "; write at most that");
    }
    return new Rlimit(type, inForce, highest);
  }

  private Rlimit.Resource resource() {
    var resources = Rlimit.Resource.values();
    var names = new String[resources.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = "RLIMIT_".concat(resources[i].name());
    }
    return resources[Fields.word(in, names)];
  }
}
