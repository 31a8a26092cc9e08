package bailey.linux.probe;

import bailey.core.abi.Flags;
import bailey.core.abi.KernelText;
import bailey.core.kernel.Ability;
import bailey.core.kernel.KernelFeatures;
import bailey.core.kernel.KernelFeatures.IdRange;
import bailey.core.kernel.PlanExecutor;
import bailey.linux.sys.PipeEnds;
import java.io.IOException;
import java.util.List;

/**
 * Trial of newuidmap and newgidmap (shadow-utils), which give a user's subordinate ids to a user
 * namespace of that user: done to a child that waits in one.
 */
final class IdMappingTrial {
  private static final String NAME = "newuidmap, newgidmap";
  private static final String USE = "more than one user id in the containers of ordinary users";

  private final KernelFeatures features;
  private final PlanExecutor executor;
  private final TrialPlans plans;

  IdMappingTrial(KernelFeatures features, PlanExecutor executor, TrialPlans plans) {
    this.features = features;
    this.executor = executor;
    this.plans = plans;
  }

  Ability run() {
    if (features.newuidmap().isEmpty() || features.newgidmap().isEmpty()) {
      return absent("The programs are not here: on Debian run 'apt install uidmap'");
    }
    if (features.privileged()) {
      return new Ability(NAME, true, USE, ""); // root needs none
    }
    if (features.userId().isEmpty() || features.groupId().isEmpty()) {
      return absent(
          "This user has no ranges in /etc/subuid and /etc/subgid: as root run 'usermod"
              + " --add-subuids 100000-165535 --add-subgids 100000-165535 NAME'");
    }
    return tried();
  }

  private Ability tried() {
    try (var go = PipeEnds.open()) {
      var child =
          executor.execute(plans.waiting(NAME, Flags.CLONE_NEWUSER), List.of(go.read().number()));
      go.read().close();
      var start = child.start().join();
      try {
        return start.failure() == null
            ? mapped(start.pid())
            : absent("No user namespace can be made");
      } finally {
        go.write().close();
        child.end().join();
      }
    } catch (IOException e) {
      return absent(String.valueOf(e.getMessage()));
    }
  }

  private Ability mapped(long pid) throws IOException {
    String users = refusal(features.newuidmap(), pid, features.uid(), features.userId().getFirst());
    String groups =
        refusal(features.newgidmap(), pid, features.gid(), features.groupId().getFirst());
    return users.isEmpty() && groups.isEmpty()
        ? new Ability(NAME, true, USE, "")
        : absent(
            (users + " " + groups).strip()
                + ". Give the programs their set-uid bit or capabilities back: on Debian run 'apt"
                + " install --reinstall uidmap'");
  }

  /** What the program says against mapping this user and one range, empty if it does it. */
  private static String refusal(String program, long pid, int own, IdRange range)
      throws IOException {
    var process =
        new ProcessBuilder(
                program,
                Long.toString(pid),
                "0",
                Integer.toUnsignedString(own),
                "1",
                "1",
                Integer.toString(range.first()),
                Integer.toString(range.count()))
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    var words = process.getInputStream().readAllBytes();
    int status = process.onExit().join().exitValue();
    return status == 0 ? "" : KernelText.decode(words, 0, words.length).strip();
  }

  private static Ability absent(String remedy) {
    return new Ability(NAME, false, USE, remedy);
  }
}
