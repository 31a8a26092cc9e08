package bailey.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.container.ControlFile;
import bailey.core.container.Subsystem;
import bailey.core.subsystem.Subsystems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Keeps docs/control-files.md the same as what the subsystems declare. */
class ControlFilesPageTest {
  private static final Path PAGE = Path.of("../docs/control-files.md");

  private static final String HEAD =
      """
      # Control files

      All that `bailey get` reads and `bailey set` writes, for every container and from outside of
      it: no process inside is needed. `bailey subsystems NAME` shows the same, and `bailey
      subsystems` what of it this machine has. This page is made from what the subsystems declare. A
      test compares them: to renew the page, run `./mvnw -pl cli -am test -Dreference.write=true`.

      - Names and units are those of cgroup v2 on every kernel, also where the kernel has v1. Numbers
        are read as bytes, microseconds, seconds or counts, without a unit; sizes may be written as
        64M. `max` is no limit.
      - *Outside* is what may be done with bailey by whoever may control the container; *inside* is
        what its own tasks may do behind a boundary. *own* marks a limit: it has a value for each
        side, and the lower one holds. `--view external`, the default, is the outside's, `--view
        internal` the guest's, `--view effective` what holds. Without a boundary there is one value.
        Of a controller the guest sets its own in its own control groups; of a namespace, which has
        only one value in the kernel, it sees what holds, and the outside sets both
        ([why](decisions/0020-subsystems.md)).
      - `run --set FILE=VALUE` and `create --set` set them before the first process runs. `bailey set`
        on a container that was created takes those of its namespaces too: what is not there yet is
        noted, and set at the start.
      - A namespace that the container shares with the machine is the machine's: bailey refuses to set
        it. One that it joined is set in the container that it belongs to.
      - Of `net`, every setting that sysctl(8) has for a network namespace is a control file, by its
        name there, for example `net.ipv4.conf.all.rp_filter`; the list below has those with a
        check of their own.
      - `container.on_empty` is what happens when the last task has left: `ignore`, `notify` or
        `delete`. `cpuset.mems` is another name of `memset.mems`.
      """;

  @Test
  void thePageIsWhatTheSubsystemsDeclare() throws IOException {
    String page = page();
    if (Boolean.getBoolean("reference.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(page);
  }

  private static String page() {
    var out = new StringBuilder(HEAD);
    for (var subsystem : Subsystems.standard().all()) {
      subsystem(out, subsystem);
    }
    return out.toString();
  }

  private static void subsystem(StringBuilder out, Subsystem subsystem) {
    out.append("\n## ").append(subsystem.name()).append("\n\n");
    out.append("A ").append(SubsystemsCommand.word(subsystem.kind()));
    out.append(", made by ").append(SubsystemsCommand.made(subsystem));
    out.append("; entered: ").append(SubsystemsCommand.entered(subsystem));
    out.append("; on empty: ").append(SubsystemsCommand.onEmpty(subsystem)).append(".\n\n");
    if (subsystem.controlFiles().isEmpty()) {
      out.append("It has no control files.\n");
      return;
    }
    out.append("| file | unit | outside | inside | what it is | what to write |\n");
    out.append("|---|---|---|---|---|---|\n");
    for (var file : subsystem.controlFiles()) {
      file(out, file);
    }
  }

  private static void file(StringBuilder out, ControlFile file) {
    out.append("| `").append(file.name()).append("` | ");
    out.append(SubsystemsCommand.unit(file.unit())).append(" | ");
    out.append(SubsystemsCommand.access(file.external())).append(" | ");
    out.append(SubsystemsCommand.inside(file)).append(" | ");
    out.append(cell(file.description())).append(" | ");
    out.append(file.external().writable() ? cell(file.format().help()) : "").append(" |\n");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
