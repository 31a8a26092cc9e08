package bailey.linux.probe;

import bailey.core.kept.Fact;
import bailey.core.kernel.HostMount;
import bailey.core.kernel.KernelFeatures;
import bailey.linux.proc.KernelFile;
import bailey.linux.proc.MountEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots of the machine, for a process that takes many: one is taken anew where something that
 * it was made of is not the same, by its bytes; else that of before is the answer. Not looked at
 * again is what cannot change while this process and its kernel live: the release, the kinds of
 * namespaces, and this process's own ids, capabilities, namespaces and mappings, of which it
 * changes none. Any thread.
 */
public final class Snapshots {
  /** Callers of different control groups take turns. */
  private static final int MOST = 8;

  private record Snapshot(
      String mounts, String groups, Looks looks, KernelFeatures features, List<Fact> facts) {
    static Snapshot of(String mounts, String groups) {
      var looks = new Looks();
      var facts = new ArrayList<Fact>();
      var features = KernelProbe.features(mounts, groups, looks, facts);
      return new Snapshot(mounts, groups, looks, features, List.copyOf(facts));
    }

    boolean isOf(String otherMounts, String otherGroups) {
      return groups.equals(otherGroups) && mounts.equals(otherMounts);
    }
  }

  private record Mounts(String text, List<MountEntry> entries, List<HostMount> mounts) {
    static Mounts of(String text) {
      var entries = List.copyOf(MountEntry.parseAll(text));
      return new Mounts(text, entries, List.copyOf(KernelProbe.mounts(entries)));
    }
  }

  /** The last used is the first; a list of its own for each change. */
  private volatile List<Snapshot> known = List.of();

  private volatile @Nullable Mounts lastMounts;

  /** None yet. */
  public Snapshots() {}

  /**
   * The features for a process that differs from this one in nothing but its control groups.
   *
   * @param groups file that tells these of that process
   * @param seen gets the texts that may be others a moment later: of mounts, groups, controllers
   * @throws IllegalStateException if /proc is not there or cannot be read
   */
  public KernelFeatures features(String groups, Collection<Fact> seen) {
    String mountText = KernelFile.readOrEmpty(KernelProbe.MOUNTS);
    String groupText = KernelFile.readOrEmpty(groups);
    var snapshot =
        known.stream()
            .filter(one -> one.isOf(mountText, groupText))
            .filter(one -> one.looks().same())
            .findFirst()
            .orElseGet(() -> Snapshot.of(mountText, groupText));
    putFirst(snapshot);
    seen.addAll(snapshot.facts());
    return snapshot.features();
  }

  private synchronized void putFirst(Snapshot snapshot) {
    var others =
        known.stream()
            .filter(one -> !one.isOf(snapshot.mounts(), snapshot.groups()))
            .limit(MOST - 1)
            .toList();
    known = Stream.concat(Stream.of(snapshot), others.stream()).toList();
  }

  /** All mounts that this process sees, in the order in which they were made. */
  public List<HostMount> mounts() {
    return readMounts().mounts();
  }

  /** The same; {@code seen} gets the text that tells them. */
  public List<HostMount> mounts(Collection<Fact> seen) {
    var mounts = readMounts();
    seen.add(new Fact.Text(KernelProbe.MOUNTS, mounts.text()));
    return mounts.mounts();
  }

  /** The same with all that is known of them. */
  public List<MountEntry> entries() {
    return readMounts().entries();
  }

  private Mounts readMounts() {
    String text = KernelFile.readOrEmpty(KernelProbe.MOUNTS);
    var last = lastMounts;
    if (last == null || !last.text().equals(text)) {
      last = Mounts.of(text);
      lastMounts = last;
    }
    return last;
  }
}
