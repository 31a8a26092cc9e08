package bailey.oci.config;

import bailey.core.spec.NamespaceKind;
import bailey.oci.json.JsonPlace;
import bailey.oci.json.JsonReader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings of /proc/sys that belong to a namespace; any other is the whole machine's, and refused.
 * Sources: ipc_sysctls in ipc/ipc_sysctl.c, mq_sysctls in ipc/mq_sysctl.c, uts_kern_table in
 * kernel/utsname_sysctl.c.
 */
final class SysctlNames {
  private static final Set<String> IPC =
      Set.of(
          "kernel.msgmax",
          "kernel.msgmnb",
          "kernel.msgmni",
          "kernel.sem",
          "kernel.shmall",
          "kernel.shmmax",
          "kernel.shmmni",
          "kernel.shm_rmid_forced",
          "kernel.auto_msgmni",
          "kernel.msg_next_id",
          "kernel.sem_next_id",
          "kernel.shm_next_id");

  private SysctlNames() {}

  static void check(JsonReader in, OciLinux linux, JsonPlace sysctl) {
    for (var name : linux.sysctl().keySet()) {
      var place = sysctl.child(name);
      var dotted = OciLinux.sysctlName(name);
      if (dotted.contains("..") || dotted.startsWith(".") || dotted.endsWith(".")) {
        throw in.refused(place, "this is not the name of a setting; write one as sysctl(8) has it");
      }
      if (dotted.equals("kernel.hostname")) {
        throw in.refused(place, "the host name is given by hostname; remove it here");
      }
      var kind = kind(dotted);
      if (kind == null) {
        throw in.refused(
            place,
            "this setting is the whole machine's, not of a namespace; remove it, and set it on the"
                + " machine");
      }
      if (linux.namespace(kind) == null) {
        throw in.refused(
            place,
            "this would set it for the machine, as the container has no "
                + LinuxReader.word(kind)
                + " namespace; add {\"type\": \""
                + LinuxReader.word(kind)
                + "\"} to linux.namespaces");
      }
    }
  }

  private static @Nullable NamespaceKind kind(String name) {
    if (name.startsWith("net.")) {
      return NamespaceKind.NET;
    }
    if (IPC.contains(name) || name.startsWith("fs.mqueue.")) {
      return NamespaceKind.IPC;
    }
    return name.equals("kernel.domainname") ? NamespaceKind.UTS : null;
  }
}
