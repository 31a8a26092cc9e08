package bailey.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.GcResult;
import bailey.NamespaceUse;
import bailey.SubsystemPlace;
import bailey.cli.output.Colour;
import bailey.core.abi.Arch;
import bailey.core.abi.Sys;
import bailey.core.error.BadRequest;
import bailey.core.kernel.Ability;
import bailey.core.kernel.NamespaceHold.Holder;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.Registers;
import bailey.core.plan.Steps;
import bailey.core.spec.NamespaceKind;
import bailey.core.subsystem.PidNamespace;
import bailey.core.subsystem.PidsSubsystem;
import bailey.core.subsystem.TimeNamespace;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListingsTest {
  @Test
  void namespacesShowEachKindOfHolder() {
    var uses =
        List.of(
            new NamespaceUse(
                NamespaceKind.NET,
                4026532281L,
                Optional.of("web"),
                List.of(
                    new Holder.Member(7, "init"),
                    new Holder.Member(8, "sh"),
                    new Holder.Descriptor(99, 5),
                    new Holder.Mount("/run/net"))),
            new NamespaceUse(
                NamespaceKind.UTS, 1, Optional.empty(), List.of(new Holder.Mount("/a\nb"))));
    assertThat(NamespacesCommand.table(uses).print(Colour.OFF))
        .isEqualTo(
            """
            KIND      NUMBER  CONTAINER  PROCESSES  KEPT BY
            net   4026532281  web                2  7 (init), descriptor 5 of 99, mount /run/net and 1 more
            uts            1  -                  0  mount /a\\nb
            """);
  }

  @Test
  void subsystemsSayWhereTheyAre() {
    var places =
        List.of(
            new SubsystemPlace(new PidsSubsystem(), true, "cgroup v1 at /sys/fs/cgroup/pids"),
            new SubsystemPlace(new PidNamespace(), true, "namespace"),
            new SubsystemPlace(new TimeNamespace(), false, "this kernel has none; get another"));
    assertThat(SubsystemsCommand.table(places, Colour.OFF))
        .isEqualTo(
            """
            NAME  KIND        MADE BY  ENTERED    VIRTUAL  ON EMPTY                HERE
            pids  controller  mkdir    any task   yes      ignore, notify, delete  cgroup v1 at /sys/fs/cgroup/pids
            pid   namespace   clone    new tasks  yes      notify, delete          namespace
            time  namespace   clone    by itself  yes      ignore, notify, delete  no: this kernel has none; get another
            """);
    assertThat(SubsystemsCommand.controls(places.subList(0, 1), Colour.OFF))
        .contains(
            "\nCONTROL       UNIT   OUTSIDE      INSIDE     MEANING",
            "\npids.max      count  read, write  read, own  the most tasks; ",
            "\npids.current  count  read         read       ");
    assertThat(SubsystemsCommand.json(places).replaceAll("\\s+", " "))
        .contains(
            "\"name\": \"pids\"",
            "\"created\": [ \"mkdir\" ]",
            "\"onEmpty\": [ \"notify\", \"delete\" ]",
            "\"name\": \"pids.max\"",
            "\"internal\": \"read\"",
            "\"present\": false");
    assertThatThrownBy(() -> SubsystemsCommand.chosen(places, List.of("pidz")))
        .isInstanceOf(BadRequest.class)
        .hasMessage("pidz: no such subsystem; there are pids, pid, time");
  }

  @Test
  void gcSaysWhatItDid() {
    assertThat(GcCommand.text(new GcResult(List.of(), List.of(), List.of())))
        .isEqualTo("nothing is left behind, nothing was changed\n");
    assertThat(
            GcCommand.text(
                new GcResult(
                    List.of("a is removed"), List.of("c is repaired"), List.of("b is kept"))))
        .isEqualTo("a is removed\nc is repaired\nb is kept\n");
  }

  private static Plan plan() {
    var steps = new Steps(new Registers());
    steps.because("--workdir");
    steps.call("going there", Sys.CHDIR, Operand.text("/w\u0007"));
    steps.call("going on", Sys.CHDIR, Operand.text("x"));
    steps.because("the end");
    steps.call("leaving", Sys.CHDIR, Operand.text("/"));
    return new Plan("run x", Arch.X86_64, List.of(), steps.list());
  }

  @Test
  void plansSayWhy() {
    assertThat(PlanListing.text(plan(), Colour.OFF))
        .isEqualTo(
            """
            run x: 3 steps
            # --workdir
            1  chdir("/w\\x07")
            2  chdir("x")
            # the end
            3  chdir("/")
            """);
    assertThat(PlanListing.json(plan()))
        .contains(
            "\"title\": \"run x\"", "\"because\": \"--workdir\"", "\"what\": \"going there\"");
  }

  @Test
  void doctorSaysHowToGetWhatIsMissing() {
    var clone = new Ability("clone3", true, "starting", "");
    var kill = new Ability("cgroup.kill", false, "killing", "It needs Linux 5.14");
    assertThat(DoctorCommand.text(List.of(clone, kill), Colour.OFF))
        .isEqualTo(
            """
            ABILITY      HERE  NEEDED FOR
            clone3       yes   starting
            cgroup.kill  no    killing

            How to get what is missing:

            cgroup.kill:
              It needs Linux 5.14
            """);
    assertThat(DoctorCommand.text(List.of(clone), Colour.OFF)).endsWith("\nNothing is missing.\n");
    assertThat(DoctorCommand.status(List.of(clone, kill))).isZero();
    var noClone = new Ability("clone3", false, "starting", "It needs Linux 5.5");
    assertThat(DoctorCommand.text(List.of(noClone), Colour.OFF))
        .contains("\nclone3 (every container needs it):\n  It needs Linux 5.5\n");
    assertThat(DoctorCommand.status(List.of(noClone))).isEqualTo(1);
  }
}
