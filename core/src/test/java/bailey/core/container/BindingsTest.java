package bailey.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.container.Bindings.Occupants;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NoSuchContainer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BindingsTest {
  private static final Occupants NOBODY = _ -> List.of();

  private final Bindings start = Bindings.of(List.of("memory", "cpu", "pids", "uts"));

  private static Occupants in(String hierarchy, String... paths) {
    var there = List.of(paths);
    return asked -> asked.equals(hierarchy) ? there : List.of();
  }

  @Test
  void theDefaultHierarchyHasAllThatNoOtherHas() {
    assertThat(start.hierarchies()).containsExactly("default");
    assertThat(start.subsystems("default")).containsExactly("memory", "cpu", "pids", "uts");
    var after = start.mount("batch", List.of("uts", "cpu"), NOBODY);
    assertThat(after.hierarchies()).containsExactly("default", "batch");
    assertThat(after.subsystems("batch")).containsExactly("cpu", "uts");
    assertThat(after.subsystems("default")).containsExactly("memory", "pids");
    assertThat(after.holder("cpu")).isEqualTo("batch");
    assertThat(after.holder("memory")).isEqualTo("default");
    assertThat(start.holder("cpu")).isEqualTo("default");
    assertThat(after.unmount("batch", NOBODY)).isEqualTo(start);
    assertThat(after).isNotEqualTo(start).hasToString("default=memory,pids batch=cpu,uts");
  }

  @Test
  void aHierarchyMayHaveNoSubsystem() {
    var after = start.mount("jobs", List.of(), in("default", "web"));
    assertThat(after.subsystems("jobs")).isEmpty();
    assertThat(after.unmount("jobs", in("default", "web"))).isEqualTo(start);
  }

  @Test
  void whatIsBoundElsewhereIsRefusedWithWhoHoldsIt() {
    var after = start.mount("batch", List.of("cpu"), NOBODY).mount("vm", List.of("memory"), NOBODY);
    assertThatThrownBy(() -> after.mount("rt", List.of("memory", "pids", "cpu"), NOBODY))
        .isInstanceOf(ContainerBusy.class)
        .hasMessage(
            "cannot mount rt: memory is bound to the hierarchy vm, cpu is bound to the hierarchy"
                + " batch; unmount batch and vm first, or mount rt without");
  }

  @Test
  void aHierarchyWithContainersKeepsWhatItHas() {
    assertThatThrownBy(
            () ->
                start.mount("rt", List.of("uts", "cpu"), in("default", "web", "db", "ci", "mail")))
        .isInstanceOf(ContainerBusy.class)
        .hasMessage(
            "cannot mount rt with cpu,uts: the hierarchy default has containers (web, db, ci,"
                + " ...), and its subsystems change only while it has none; remove those first");
    var after = start.mount("rt", List.of("cpu"), NOBODY);
    assertThatThrownBy(() -> after.unmount("rt", in("rt", "a/b")))
        .isInstanceOf(ContainerBusy.class)
        .hasMessage(
            "cannot unmount rt: the hierarchy rt has containers (a/b), and its subsystems change"
                + " only while it has none; remove those first");
    assertThatThrownBy(() -> after.unmount("rt", in("default", "web")))
        .isInstanceOf(ContainerBusy.class)
        .hasMessageStartingWith(
            "cannot unmount rt, which gives back cpu: the hierarchy default has containers (web)");
    assertThat(after.mount("vm", List.of("memory"), in("rt", "a")).holder("memory"))
        .isEqualTo("vm");
  }

  @Test
  void namesAreInUseOnce() {
    var after = start.mount("rt", List.of("cpu"), NOBODY);
    assertThatThrownBy(() -> after.mount("rt", List.of("uts"), NOBODY))
        .isInstanceOf(ContainerBusy.class)
        .hasMessage("cannot mount rt: there is a hierarchy of this name; choose another");
    assertThatThrownBy(() -> start.mount("rt", List.of("cpu", "cpu"), NOBODY))
        .isInstanceOf(BadRequest.class)
        .hasMessage("rt: cpu is there twice; name each subsystem once");
    assertThatThrownBy(() -> start.mount("rt", List.of("cpus"), NOBODY))
        .isInstanceOf(BadRequest.class)
        .hasMessage("hierarchy: cpus is no subsystem; write one of memory, cpu, pids, uts");
  }

  @Test
  void onlyWhatWasMountedIsUnmounted() {
    assertThatThrownBy(() -> start.unmount("default", NOBODY))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("cannot unmount default: it holds each subsystem");
    assertThatThrownBy(() -> start.mount("rt", List.of(), NOBODY).unmount("r\nt", NOBODY))
        .isInstanceOf(NoSuchContainer.class)
        .hasMessage("there is no hierarchy r?t; mounted are default, rt");
    assertThatThrownBy(() -> start.subsystems("rt")).isInstanceOf(NoSuchContainer.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "batch",
        "RT-1",
        "x_y.z",
        "0",
        "a.",
        "b0123456789012345678901234567890123456789012345678901234"
      })
  void names(String name) {
    assertThat(start.mount(name, List.of(), NOBODY).hierarchies()).contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "-a",
        "a/b",
        "a b",
        "a,b",
        "\u00fc",
        "a\n",
        "default",
        "b01234567890123456789012345678901234567890123456789012345"
      })
  void noNames(String name) {
    assertThatThrownBy(() -> start.mount(name, List.of(), NOBODY))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("hierarchy: ")
        .hasMessageEndingWith("for example batch");
  }

  /**
   * Whatever is asked for, each subsystem is in one hierarchy, and one with containers keeps its.
   */
  @Test
  void eachSubsystemIsInOneHierarchy() {
    long seed = 41;
    var random = new Random(seed);
    var all = start.subsystems("default");
    var names = List.of("a", "b", "c", "default");
    var bindings = start;
    for (int i = 0; i < 20_000; i++) {
      var occupied = new HashSet<String>();
      names.stream().filter(_ -> random.nextInt(4) == 0).forEach(occupied::add);
      Occupants occupants = name -> occupied.contains(name) ? List.of("x") : List.of();
      var before = bound(bindings);
      var name = names.get(random.nextInt(names.size()));
      try {
        bindings =
            random.nextBoolean()
                ? bindings.mount(
                    name, all.stream().filter(_ -> random.nextInt(3) == 0).toList(), occupants)
                : bindings.unmount(name, occupants);
      } catch (BadRequest | ContainerBusy | NoSuchContainer _) {
        assertThat(bound(bindings)).isEqualTo(before);
      }
      var after = bound(bindings);
      assertThat(after.values().stream().mapToInt(Set::size).sum())
          .as("seed %s", seed)
          .isEqualTo(all.size());
      occupied.retainAll(before.keySet());
      for (var kept : occupied) {
        assertThat(after.get(kept)).as("seed %s", seed).isEqualTo(before.get(kept));
      }
    }
  }

  private static Map<String, Set<String>> bound(Bindings bindings) {
    var bound = new HashMap<String, Set<String>>();
    for (var hierarchy : bindings.hierarchies()) {
      bound.put(hierarchy, new HashSet<>(bindings.subsystems(hierarchy)));
      for (var subsystem : bindings.subsystems(hierarchy)) {
        assertThat(bindings.holder(subsystem)).isEqualTo(hierarchy);
      }
    }
    return bound;
  }
}
