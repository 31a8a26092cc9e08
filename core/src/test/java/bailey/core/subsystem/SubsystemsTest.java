package bailey.core.subsystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.container.Amount;
import bailey.core.container.ControlFile;
import bailey.core.container.OnEmpty;
import bailey.core.container.Subsystem;
import bailey.core.container.Unit;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubsystemsTest {
  private final Subsystems subsystems = Subsystems.standard();

  @Test
  void findsTheOwnerOfAControl() {
    var found = subsystems.find("memory.max");
    assertThat(found.subsystem()).isInstanceOf(MemorySubsystem.class);
    assertThat(found.file().canonical("64M")).isEqualTo("67108864");
  }

  @Test
  void everyControlBeginsWithItsSubsystemAndIsThereOnce() {
    for (var subsystem : subsystems.all()) {
      assertThat(subsystem.controlFiles())
          .allSatisfy(file -> assertThat(file.name()).startsWith(subsystem.name() + "."));
    }
    assertThat(
            subsystems.all().stream()
                .flatMap(s -> s.controlFiles().stream())
                .map(ControlFile::name))
        .doesNotHaveDuplicates()
        .hasSizeGreaterThan(60);
  }

  @Test
  void aTypingErrorGetsTheNearestNames() {
    assertThatThrownBy(() -> subsystems.find("memory.mx"))
        .isInstanceOf(BadRequest.class)
        .hasMessage("memory.mx: no such control; did you mean memory.max?");
  }

  @Test
  void aNameOfTheOtherVersionGetsTheNameHere() {
    assertThatThrownBy(() -> subsystems.find("memory.limit_in_bytes"))
        .hasMessage(
            "memory.limit_in_bytes: no such control; it is called memory.max here, on every"
                + " kernel");
  }

  @Test
  void anythingElseGetsAnExample() {
    assertThatThrownBy(() -> subsystems.find("colour"))
        .hasMessage(
            "colour: no such control; bailey subsystems lists them all, for example memory.max");
  }

  @Test
  void memoryNodesHaveTheKernelsNameToo() {
    var found = subsystems.find("cpuset.mems");
    assertThat(found.subsystem().name()).isEqualTo("memset");
    assertThat(found.file().name()).isEqualTo("memset.mems");
    assertThat(subsystems.find("cpuset.mems.effective").file().name())
        .isEqualTo("memset.mems.effective");
  }

  @Test
  void theOrderIsFixedWhateverWasFoundFirst() {
    assertThat(subsystems.all())
        .extracting(Subsystem::name)
        .containsExactly(
            "memory", "cpu", "cpuset", "memset", "cpuacct", "pids", "io", "devices", "freezer",
            "hugetlb", "pid", "mnt", "uts", "ipc", "net", "user", "cgroup", "time");
    var more = new ArrayList<>(subsystems.all());
    more.add(new Named("zeta", "zeta.x"));
    more.add(new Named("alpha", "alpha.x"));
    var reversed = new ArrayList<>(more.reversed());
    assertThat(Subsystems.ordered(reversed)).isEqualTo(Subsystems.ordered(more));
    assertThat(Subsystems.ordered(reversed))
        .extracting(Subsystem::name)
        .containsSubsequence("hugetlb", "alpha", "zeta", "pid");
  }

  @Test
  void twoOfOneNameAreRefusedWithBothClasses() {
    assertThatThrownBy(
            () -> new Subsystems(List.of(new PidsSubsystem(), new Named("pids", "pids.x"))))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessage(
            "the subsystem pids is there twice, as bailey.core.subsystem.PidsSubsystem and as"
                + " bailey.core.subsystem.SubsystemsTest$Named; take one of them off the module"
                + " path");
  }

  @Test
  void namesThatCannotBeAreRefused() {
    for (var name : List.of("", "A", "a.b", "a b", "1a", "a".repeat(33))) {
      assertThatThrownBy(() -> new Subsystems(List.of(new Named(name, name + ".x"))))
          .as(name)
          .isInstanceOf(NotPossibleHere.class)
          .hasMessageContaining("cannot be called \"" + name + "\"");
    }
    assertThatThrownBy(() -> new Subsystems(List.of(new Named("a", "memory.max"))))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageContaining("cannot have a control file memory.max");
  }

  /** A subsystem of somebody else. */
  private record Named(String name, String file) implements Subsystem {
    @Override
    public Kind kind() {
      return Kind.CONTROLLER;
    }

    @Override
    public Set<Creation> created() {
      return Set.of(Creation.MKDIR);
    }

    @Override
    public Entry entered() {
      return Entry.FREELY;
    }

    @Override
    public boolean virtualisable() {
      return false;
    }

    @Override
    public Set<OnEmpty> onEmpty() {
      return Set.of(OnEmpty.IGNORE);
    }

    @Override
    public List<ControlFile> controlFiles() {
      return List.of(ControlFile.figure(file, Unit.COUNT, Amount.COUNT, "a number"));
    }
  }
}
