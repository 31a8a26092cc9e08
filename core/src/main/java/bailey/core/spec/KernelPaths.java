package bailey.core.spec;

import static bailey.core.spec.KernelPaths.Kind.DIRECTORY;
import static bailey.core.spec.KernelPaths.Kind.FILE;

import java.util.List;

/**
 * Paths in /proc and /sys that a container does not get, or only to read, because the kernel does
 * not divide them by namespace. Data only. Source: the defaults of Docker (moby's {@code
 * daemon/pkg/oci/defaults.go}) and containerd ({@code pkg/oci/spec.go}), plus {@code
 * /proc/dynamic_debug}; docs/security.md gives the reasons. A path that the running kernel lacks is
 * left out by whoever plans the mounts.
 */
public final class KernelPaths {
  /** Only readable: the whole of what root could set for the machine by writing. */
  public static final List<KernelPath> READ_ONLY =
      List.of(
          new KernelPath("/proc/bus", DIRECTORY, "commands to the PCI and USB buses"),
          new KernelPath("/proc/fs", DIRECTORY, "settings of the host's file systems"),
          new KernelPath("/proc/irq", DIRECTORY, "which CPU serves an interrupt"),
          new KernelPath("/proc/sys", DIRECTORY, "the host's sysctl settings"),
          new KernelPath("/proc/sysrq-trigger", FILE, "reboots and crashes the machine"));

  /**
   * Hidden: a directory by an empty read-only one, a file by /dev/null. Not hidden, though Docker
   * does, is {@code thermal_throttle} of each CPU: a mount for each CPU in each container made
   * Kubernetes 1.31 to 1.34 fail on large machines (kubernetes/kubernetes issue 138512).
   */
  public static final List<KernelPath> MASKED =
      List.of(
          new KernelPath("/proc/acpi", DIRECTORY, "switches hardware (CVE-2018-10892)"),
          new KernelPath("/proc/asound", DIRECTORY, "shows when the host plays sound"),
          new KernelPath(
              "/proc/dynamic_debug", DIRECTORY, "root may switch kernel messages of any driver on"),
          new KernelPath(
              "/proc/interrupts", FILE, "times the keystrokes of others (GHSA-6fw5-f8r9-fgfm)"),
          new KernelPath("/proc/kcore", FILE, "the machine's memory"),
          new KernelPath("/proc/keys", FILE, "keyrings are not divided by container"),
          new KernelPath("/proc/latency_stats", FILE, "kernel addresses of other processes"),
          new KernelPath("/proc/sched_debug", FILE, "lists the processes of the whole machine"),
          new KernelPath("/proc/scsi", DIRECTORY, "adds and removes disks (CVE-2017-16539)"),
          new KernelPath("/proc/timer_list", FILE, "kernel addresses, processes of others"),
          new KernelPath("/proc/timer_stats", FILE, "processes of others (kernels before 4.11)"),
          new KernelPath(
              "/sys/devices/virtual/powercap",
              DIRECTORY,
              "power use leaks the keys of others (PLATYPUS, CVE-2020-8694)"),
          new KernelPath("/sys/firmware", DIRECTORY, "firmware tables and EFI variables"));

  private KernelPaths() {}

  /** What a path is, hence what can be mounted on it. */
  public enum Kind {
    /** A file. */
    FILE,
    /** A directory. */
    DIRECTORY
  }

  /**
   * A path of the kernel's file systems.
   *
   * @param path absolute
   * @param kind what it is where it exists
   * @param reason why a container must not have it, as an apposition
   */
  public record KernelPath(String path, Kind kind, String reason) {}
}
