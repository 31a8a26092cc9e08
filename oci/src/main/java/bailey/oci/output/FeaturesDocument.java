package bailey.oci.output;

import bailey.core.abi.SyscallAbi;
import bailey.core.seccomp.SeccompFlag;
import bailey.core.spec.Capability;
import bailey.oci.config.OciLinux;
import bailey.oci.json.JsonWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The features document (features.md, features-linux.md): what bailey knows, whether or not the
 * kernel has it.
 */
public final class FeaturesDocument {
  /** The oldest {@code ociVersion} that is read. */
  public static final String OLDEST = "1.0.0";

  private static final List<String> HOOKS =
      List.of(
          "prestart",
          "createRuntime",
          "createContainer",
          "startContainer",
          "poststart",
          "poststop");

  private static final List<String> ACTIONS =
      List.of(
          "SCMP_ACT_ALLOW",
          "SCMP_ACT_ERRNO",
          "SCMP_ACT_KILL",
          "SCMP_ACT_KILL_PROCESS",
          "SCMP_ACT_KILL_THREAD",
          "SCMP_ACT_LOG",
          "SCMP_ACT_NOTIFY",
          "SCMP_ACT_TRACE",
          "SCMP_ACT_TRAP");

  private static final List<String> OPERATORS =
      List.of(
          "SCMP_CMP_EQ",
          "SCMP_CMP_GE",
          "SCMP_CMP_GT",
          "SCMP_CMP_LE",
          "SCMP_CMP_LT",
          "SCMP_CMP_MASKED_EQ",
          "SCMP_CMP_NE");

  private FeaturesDocument() {}

  /**
   * What depends on how much of the machine's other software bailey works with.
   *
   * @param systemd whether groups are asked of the machine's systemd where {@code --systemd-cgroup}
   *     is given
   * @param systemdUser the same of a user's
   * @param rdma whether {@code linux.resources.rdma} is set
   * @param apparmor whether profiles are set
   * @param selinux whether labels are set
   * @param idmap whether mounts get {@code uidMappings}
   * @param netDevices whether devices are moved
   * @param memoryPolicy whether one is set
   */
  public record Support(
      boolean systemd,
      boolean systemdUser,
      boolean rdma,
      boolean apparmor,
      boolean selinux,
      boolean idmap,
      boolean netDevices,
      boolean memoryPolicy) {}

  /**
   * The document.
   *
   * @param mountOptions that are not of a file system, such as {@code rbind}
   * @param unsafeAnnotations that change what is done with a container
   * @param annotations about bailey itself
   */
  public static String text(
      Support support,
      List<String> mountOptions,
      List<String> unsafeAnnotations,
      Map<String, String> annotations) {
    var out = JsonWriter.pretty("  ").object();
    out.field("ociVersionMin", OLDEST).field("ociVersionMax", OciState.VERSION);
    out.field("hooks", HOOKS);
    out.field("mountOptions", mountOptions.stream().sorted().toList());
    linux(out, support);
    if (!annotations.isEmpty()) {
      out.field("annotations", annotations);
    }
    if (!unsafeAnnotations.isEmpty()) {
      out.field("potentiallyUnsafeConfigAnnotations", unsafeAnnotations);
    }
    return out.end().text();
  }

  private static void linux(JsonWriter out, Support support) {
    out.object("linux");
    out.field(
        "namespaces", List.of("cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"));
    out.field(
        "capabilities", Arrays.stream(Capability.values()).map(Capability::kernelName).toList());
    out.object("cgroup").field("v1", true).field("v2", true);
    out.field("systemd", support.systemd()).field("systemdUser", support.systemdUser());
    out.field("rdma", support.rdma()).end();
    seccomp(out);
    enabled(out, "apparmor", support.apparmor());
    enabled(out, "selinux", support.selinux());
    enabled(out, "intelRdt", false);
    if (support.memoryPolicy()) {
      out.object("memoryPolicy");
      out.field("modes", OciLinux.MEMORY_MODES).field("flags", OciLinux.MEMORY_FLAGS).end();
    }
    out.object("mountExtensions");
    enabled(out, "idmap", support.idmap());
    out.end();
    enabled(out, "netDevices", support.netDevices());
    out.end();
  }

  private static void seccomp(JsonWriter out) {
    out.object("seccomp").field("enabled", true);
    out.field("actions", ACTIONS);
    out.field("operators", OPERATORS);
    out.field(
        "archs", Arrays.stream(SyscallAbi.values()).map(SyscallAbi::seccompName).sorted().toList());
    var flags = Arrays.stream(SeccompFlag.values()).map(SeccompFlag::kernelName).toList();
    out.field("knownFlags", flags).field("supportedFlags", flags).end();
  }

  private static void enabled(JsonWriter out, String name, boolean enabled) {
    out.object(name).field("enabled", enabled).end();
  }
}
