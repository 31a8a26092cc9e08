package bailey.linux.namespace;

import bailey.core.kernel.NamespaceHold;
import bailey.core.kernel.NamespaceHold.Holder;
import bailey.core.spec.NamespaceKind;
import bailey.linux.proc.MountEntry;
import bailey.linux.proc.NamespaceLink;
import bailey.linux.proc.TaskStat;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What keeps each namespace in being, as far as this user may look: member processes, open
 * descriptors, bind mounts in every mount namespace that has a process.
 *
 * <p>Not seen: what only threads other than a process's first hold (/proc/PID/task), what a
 * descriptor under way through a socket holds, and that a child namespace keeps its parent.
 *
 * @param holds in the order of process ids
 */
public record NamespaceTable(List<NamespaceHold> holds) {
  /** Copies. */
  public NamespaceTable {
    holds = List.copyOf(holds);
  }

  /** The machine's, now. */
  public static NamespaceTable read() {
    var scan = new Scan();
    for (long pid : pids()) {
      scan.process(pid);
    }
    return new NamespaceTable(scan.holds);
  }

  private static long[] pids() {
    var names =
        new File("/proc").list((_, name) -> name.chars().allMatch(c -> c >= '0' && c <= '9'));
    return names == null
        ? new long[0]
        : Arrays.stream(names).mapToLong(Long::parseLong).sorted().toArray();
  }

  private static Optional<NamespaceKind> kind(String name) {
    return Arrays.stream(NamespaceKind.values()).filter(k -> k.file().equals(name)).findFirst();
  }

  private static final class Scan {
    final List<NamespaceHold> holds = new ArrayList<>();
    private final Set<Long> mountNamespaces = new HashSet<>();
    private final long own =
        NamespaceLink.read("/proc/self/ns/mnt").map(NamespaceLink::inode).orElse(0L);

    void process(long pid) {
      var stat = TaskStat.read(pid);
      if (stat.isEmpty()) {
        return;
      }
      for (var kind : NamespaceKind.values()) {
        var link = NamespaceLink.read("/proc/" + pid + "/ns/" + kind.file());
        if (link.isPresent()) {
          long inode = link.get().inode();
          hold(kind, inode, new Holder.Member(pid, stat.get().command()));
          if (kind == NamespaceKind.MNT && mountNamespaces.add(inode)) {
            mounts(inode == own ? "" : "/proc/" + pid + "/root", MountEntry.readAll(pid));
          }
        }
      }
      descriptors(pid);
    }

    private void descriptors(long pid) {
      String folder = "/proc/" + pid + "/fd/";
      var numbers = new File(folder).list();
      if (numbers == null) {
        return; // gone, or another user's
      }
      for (var number : numbers) {
        NamespaceLink.read(folder + number)
            .ifPresent(link -> hold(link, new Holder.Descriptor(pid, Integer.parseInt(number))));
      }
    }

    private void mounts(String prefix, List<MountEntry> mounts) {
      for (var mount : mounts) {
        if (mount.type().equals("nsfs")) {
          NamespaceLink.parse(mount.root())
              .ifPresent(link -> hold(link, new Holder.Mount(prefix + mount.point())));
        }
      }
    }

    private void hold(NamespaceLink link, Holder holder) {
      kind(link.kind()).ifPresent(kind -> hold(kind, link.inode(), holder));
    }

    private void hold(NamespaceKind kind, long inode, Holder holder) {
      holds.add(new NamespaceHold(kind, inode, holder));
    }
  }
}
