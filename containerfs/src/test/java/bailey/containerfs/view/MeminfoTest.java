package bailey.containerfs.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** With texts of Linux 6.18. */
class MeminfoTest {
  private static final String MACHINE =
      """
      MemTotal:       24684084 kB
      MemFree:        21114896 kB
      MemAvailable:   23317248 kB
      Buffers:           47364 kB
      Cached:          1895220 kB
      Active(file):    1042212 kB
      SwapTotal:       1000000 kB
      SwapFree:         900000 kB
      Shmem:            351204 kB
      CommitLimit:    13342042 kB
      VmallocTotal:   34359738367 kB
      HugePages_Total:       0
      Hugepagesize:       2048 kB
      NewField:             17 kB
      """;

  private static final String V1_STAT =
      """
      cache 4096
      shmem 0
      swap 0
      hierarchical_memory_limit 67108864
      total_cache 8388608
      total_rss 1048576
      total_shmem 4096
      total_swap 2097152
      total_active_file 4194304
      total_inactive_file 2097152
      """;

  private static final Optional<String> UNLIMITED = Optional.of("9223372036854771712\n");

  private static Optional<String> text(long number) {
    return Optional.of(number + "\n");
  }

  private static long kib(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(
            line -> Long.parseLong(line.replaceAll("[^0-9]+", " ").strip().split(" ", -1)[0]))
        .findFirst()
        .orElseThrow();
  }

  private static MemoryLevel v1(long limit, long used, Optional<String> both) {
    return MemoryLevel.v1(text(limit), text(used), both, Optional.of(V1_STAT));
  }

  @Test
  void theLimitIsTheTotalAndWhatIsLeftIsFree() {
    var own = v1(64 << 20, 16 << 20, Optional.empty());
    var text = Meminfo.render(MACHINE, List.of(own));
    assertThat(kib(text, "MemTotal")).isEqualTo(65_536);
    assertThat(kib(text, "MemFree")).isEqualTo(48 << 10);
    assertThat(kib(text, "MemAvailable")).isEqualTo((48 << 10) + (6 << 10));
    assertThat(kib(text, "Cached")).as("with the groups in it").isEqualTo(8 << 10);
    assertThat(kib(text, "Buffers")).isZero();
    assertThat(kib(text, "Shmem")).isEqualTo(4);
  }

  @Test
  void formAndOtherLinesStay() {
    var text = Meminfo.render(MACHINE, List.of(v1(64 << 20, 16 << 20, Optional.empty())));
    assertThat(text).hasLineCount((int) MACHINE.lines().count());
    assertThat(text)
        .contains("MemTotal:          65536 kB\n")
        .contains("VmallocTotal:   34359738367 kB\n")
        .contains("HugePages_Total:       0\n")
        .contains("NewField:             17 kB\n");
  }

  @Test
  void theLowestLimitAboveHoldsAndWhatIsLeftThere() {
    var own = v1(64 << 20, 16 << 20, Optional.empty());
    var above =
        MemoryLevel.v1(
            text(32 << 20), text(28 << 20), Optional.empty(), Optional.of("total_cache 0\n"));
    var text = Meminfo.render(MACHINE, List.of(own, above));
    assertThat(kib(text, "MemTotal")).isEqualTo(32 << 10);
    assertThat(kib(text, "MemFree")).isEqualTo(4 << 10);
    assertThat(kib(text, "MemAvailable")).isEqualTo(4 << 10);
  }

  @Test
  void noLimitIsTheMachine() {
    var own = MemoryLevel.v1(UNLIMITED, text(1 << 20), UNLIMITED, Optional.of(V1_STAT));
    var text = Meminfo.render(MACHINE, List.of(own));
    assertThat(kib(text, "MemTotal")).isEqualTo(24_684_084);
    assertThat(kib(text, "MemFree")).isEqualTo(21_114_896);
    assertThat(kib(text, "SwapTotal")).isEqualTo(1_000_000);
    assertThat(kib(text, "SwapFree")).isEqualTo(900_000);
    assertThat(Meminfo.render(MACHINE, List.of())).isEqualTo(MACHINE);
  }

  @Test
  void swapOfV1IsWhatTheSumHasMore() {
    var own = v1(64 << 20, 16 << 20, text(96 << 20));
    var text = Meminfo.render(MACHINE, List.of(own));
    assertThat(kib(text, "SwapTotal")).isEqualTo(32 << 10);
    assertThat(kib(text, "SwapFree")).isEqualTo(30 << 10);
    assertThat(Swaps.render(Meminfo.swap(MACHINE, List.of(own))))
        .endsWith("none                                    virtual\t\t32768\t\t2048\t\t0\n");
    var none = v1(64 << 20, 16 << 20, text(64 << 20));
    assertThat(Swaps.render(Meminfo.swap(MACHINE, List.of(none)))).hasLineCount(1);
  }

  @Test
  void v2() {
    var own =
        MemoryLevel.v2(
            text(64 << 20),
            text(20 << 20),
            Optional.of("max\n"),
            text(1 << 20),
            Optional.of(
                """
                anon 1048576
                file 8388608
                active_file 4194304
                inactive_file 4194304
                slab_reclaimable 1048576
                slab_unreclaimable 524288
                """));
    var above =
        MemoryLevel.v2(
            Optional.of("max\n"),
            text(30 << 20),
            text(10 << 20),
            text(2 << 20),
            Optional.of("file 0\n"));
    var text = Meminfo.render(MACHINE + "Slab:  99 kB\n", List.of(own, above));
    assertThat(kib(text, "MemTotal")).isEqualTo(65_536);
    assertThat(kib(text, "MemFree")).isEqualTo(44 << 10);
    assertThat(kib(text, "MemAvailable")).isEqualTo(53 << 10);
    assertThat(kib(text, "SwapTotal")).isEqualTo(10 << 10);
    assertThat(kib(text, "SwapFree")).isEqualTo(9 << 10);
    assertThat(kib(text, "Slab")).isEqualTo(1536);
  }

  @Test
  void theMachinesRuleForPromisedMemoryHolds() {
    var text =
        Meminfo.render(
            MACHINE, List.of(v1(64 << 20, 0, text(64 << 20)))); // 50 % of memory and swap
    assertThat(kib(text, "CommitLimit")).isEqualTo(32 << 10);
  }

  @Test
  void whatIsNoNumberIsPassedOver() {
    assertThat(Figures.parse("a 1\nb\nc x\n 4\nd 99999999999999999999\ne 5").all())
        .containsEntry("a", 1L)
        .containsEntry("d", Figures.NONE)
        .containsEntry("e", 5L)
        .doesNotContainKeys("b", "c", "");
  }
}
