package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.KernelText;
import bailey.core.abi.Sys;
import bailey.core.bundle.ProcessSpec.SecurityLabel;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Steps;
import java.util.ArrayList;
import java.util.List;

/**
 * The labels that security modules give to the program that a process, or what it starts before,
 * executes next (AppArmor's {@code onexec} and SELinux's {@code exec_sid} are those of the parent
 * after a fork). They are set by files of its own in /proc, which are opened while that is the
 * machine's: a container's may lead elsewhere (CVE-2025-52881).
 */
final class BundleLabels {
  private record Label(String because, String path, String text) {}

  private final List<Label> labels = new ArrayList<>();
  private final List<Register> files = new ArrayList<>();

  BundleLabels(SecurityLabel asked) {
    asked
        .selinux()
        .ifPresent(
            text -> labels.add(new Label("process.selinuxLabel", "/proc/self/attr/exec", text)));
    asked
        .apparmor()
        .ifPresent(
            profile ->
                labels.add(
                    new Label(
                        "process.apparmorProfile",
                        "/proc/self/attr/apparmor/exec",
                        "exec " + profile)));
  }

  /**
   * Opens the files, which are the user's while he is who starts the process, and others may look
   * into it; else they are root's.
   */
  void open(Steps steps) {
    for (var label : labels) {
      steps.because(label.because());
      files.add(
          steps.open(
              "opening " + label.path(), Steps.cwd(), label.path(), OpenFlags.O_WRONLY, "label"));
    }
  }

  /** Has what is executed from now on labelled. */
  void write(Steps steps) {
    for (int i = 0; i < files.size(); i++) {
      var label = labels.get(i);
      steps.because(label.because());
      steps.call(
          "writing " + label.text() + " to " + label.path(),
          Sys.WRITE,
          result(files.get(i)),
          Operand.text(label.text()),
          number(KernelText.encode(label.text()).length));
      steps.close(files.get(i));
    }
  }
}
