package bailey.core.subsystem;

import static bailey.core.subsystem.Translation.change;
import static bailey.core.subsystem.Translation.owner;
import static bailey.core.subsystem.Translation.writes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Memory and swap of v1, which limits both together. */
class MemoryV1Test {
  private static String memoryV1(String limitBefore, String memswBefore, String... values) {
    var asked = new LinkedHashMap<String, String>();
    for (int i = 0; i < values.length; i += 2) {
      asked.put(values[i], values[i + 1]);
    }
    var before =
        Map.of(
            new KernelFile("memory", "memory.limit_in_bytes"), limitBefore + "\n",
            new KernelFile("memory", "memory.memsw.limit_in_bytes"), memswBefore + "\n");
    assertThat(owner("memory.max").before(Kernels.V1, asked.keySet()))
        .containsExactlyInAnyOrderElementsOf(before.keySet());
    var change = owner("memory.max").change(Kernels.V1, asked, before);
    return writes(change)
        .replace("memory.limit_in_bytes", "mem")
        .replace("memory.memsw.limit_in_bytes", "memsw");
  }

  @Test
  void memoryAndSwapOfANewGroupAreLoweredMemoryFirst() {
    assertThat(writes(change(Kernels.V1, "memory.max", "64M", "memory.swap.max", "16M")))
        .isEqualTo("memory.limit_in_bytes=67108864; memory.memsw.limit_in_bytes=83886080");
  }

  @Test
  void memswIsRaisedBeforeMemoryAndLoweredAfterIt() {
    assertThat(memoryV1("8192", "12288", "memory.max", "1M"))
        .isEqualTo("memsw=1052672; mem=1048576");
    assertThat(memoryV1("1048576", "1052672", "memory.max", "8192"))
        .isEqualTo("mem=8192; memsw=12288");
  }

  @Test
  void swapAloneMovesMemswAlone() {
    assertThat(memoryV1("8192", "12288", "memory.swap.max", "8192")).isEqualTo("memsw=16384");
    assertThat(memoryV1("8192", "12288", "memory.swap.max", "0")).isEqualTo("memsw=8192");
    assertThat(memoryV1("8192", "12288", "memory.swap.max", "max")).isEqualTo("memsw=-1");
  }

  @Test
  void memoryAloneLeavesUnlimitedSwapAlone() {
    assertThat(memoryV1("8192", "9223372036854771712", "memory.max", "4096")).isEqualTo("mem=4096");
  }

  @Test
  void swapCannotBeLimitedWithoutMemoryOnV1() {
    assertThatThrownBy(() -> change(Kernels.V1, "memory.swap.max", "16M"))
        .isInstanceOf(BadRequest.class)
        .hasMessage(
            "memory.swap.max: 16777216 cannot be had on cgroup v1, which limits memory and swap"
                + " together, while memory.max is max; write a value to memory.max too, for example"
                + " 64M");
    assertThatThrownBy(() -> memoryV1("8192", "12288", "memory.max", "max"))
        .hasMessage(
            "memory.max: max cannot be had on cgroup v1, which limits memory and swap together,"
                + " while memory.swap.max is 4096; write max to memory.swap.max too");
    assertThat(writes(change(Kernels.V2, "memory.swap.max", "16M")))
        .isEqualTo("memory.swap.max=16777216");
  }

  @Test
  void withoutSwapAccountingOnlyMemoryIsLimited() {
    var kernel = Kernels.v1With("memory", "memory.limit_in_bytes");
    assertThat(writes(change(kernel, "memory.max", "64M")))
        .isEqualTo("memory.limit_in_bytes=67108864");
    assertThat(owner("memory.max").before(kernel, Set.of("memory.max")))
        .containsExactly(new KernelFile("memory", "memory.limit_in_bytes"));
    assertThatThrownBy(() -> change(kernel, "memory.max", "64M", "memory.swap.max", "0"))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessage(
            "memory.swap.max: this kernel's cgroup v1 has no file memory.memsw.limit_in_bytes; it"
                + " is there where the kernel accounts swap: boot with swapaccount=1");
  }
}
