package bailey.core.subsystem;

import static bailey.core.subsystem.Translation.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the kernel's files mean, on v1 and on v2. */
class ReadingTest {
  private static String lines(String... lines) {
    return String.join("\n", lines) + "\n";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "memory.max      | 67108864             | 67108864",
        "memory.max      | 9223372036854771712  | max",
        "memory.max      | 9223372036854710272  | max", // pages of 64 KiB
        "memory.low      | 9223372036854771712  | 0",
        "memory.low      | 4096                 | 4096",
        "memory.current  | 123                  | 123",
        "cpu.weight      | 1024                 | 100",
        "cpu.weight      | 2                    | 1",
        "cpu.weight      | 262144               | 10000",
        "cpuacct.usage   | 1999                 | 1",
        "pids.max        | max                  | max",
        "freezer.state   | FREEZING             | FREEZING",
        "hugetlb.2MB.max | 9223372036852678656  | max",
      })
  void oneFileOfV1(String control, String text, String value) {
    assertThat(read(Kernels.V1, control, text + "\n")).isEqualTo(value);
  }

  @Test
  void severalFilesOfV1() {
    assertThat(read(Kernels.V1, "cpu.max", "-1\n", "100000\n")).isEqualTo("max 100000");
    assertThat(read(Kernels.V1, "cpu.max", "50000\n", "200000\n")).isEqualTo("50000 200000");
    assertThat(read(Kernels.V1, "memory.swap.max", "8192\n", "12288\n")).isEqualTo("4096");
    assertThat(read(Kernels.V1, "memory.swap.max", "8192\n", "9223372036854771712\n"))
        .isEqualTo("max");
    assertThat(
            read(
                Kernels.V1,
                "memory.events",
                "7\n",
                "2\n",
                "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n"))
        .isEqualTo("max 9\noom_kill 3");
    assertThat(
            read(
                Kernels.v1With("memory", "memory.failcnt", "memory.oom_control"),
                "memory.events",
                "7\n",
                "oom_kill 3\n"))
        .isEqualTo("max 7\noom_kill 3");
    assertThat(read(Kernels.V1, "io.max", "8:0 1048576\n", "", "8:16 5\n", "8:0 120\n"))
        .isEqualTo(
            "8:0 rbps=1048576 wbps=max riops=max wiops=120\n"
                + "8:16 rbps=max wbps=max riops=5 wiops=max");
    assertThat(
            read(
                Kernels.V1,
                "io.stat",
                lines(
                        "8:0 Read 4096",
                        "8:0 Write 1",
                        "8:0 Sync 2",
                        "8:0 Discard 4",
                        "8:0 Total 5",
                        "Total 5")
                    + "Total 5\n",
                "8:0 Read 10\n8:0 Write 11\n8:0 Discard 12\nTotal 33\n"))
        .isEqualTo("8:0 rbytes=4096 wbytes=1 rios=10 wios=11 dbytes=4 dios=12");
    assertThat(read(Kernels.V1, "io.weight", "default 1000\n8:0 110\n", "1000\n"))
        .isEqualTo("default 10000\n8:0 210");
  }

  @Test
  void statisticsOfV1UnderTheNamesAndUnitsOfV2() {
    assertThat(
            read(
                Kernels.V1,
                "cpu.stat",
                lines(
                    "nr_periods 5",
                    "nr_throttled 2",
                    "throttled_time 7000",
                    "nr_bursts 0",
                    "burst_time 1999")))
        .isEqualTo("nr_periods 5\nnr_throttled 2\nthrottled_usec 7\nnr_bursts 0\nburst_usec 1");
    assertThat(
            read(
                Kernels.V1,
                "memory.stat",
                lines(
                    "cache 1",
                    "rss 2",
                    "total_cache 10",
                    "total_rss 20",
                    "total_mapped_file 30",
                    "total_swap 40")))
        .isEqualTo("anon 20\nfile 10\nfile_mapped 30");
    assertThat(read(Kernels.V1, "memory.swap.current", "swap 1\ntotal_swap 40\n")).isEqualTo("40");
  }

  @Test
  void ofV2() {
    assertThat(read(Kernels.V2, "cpu.max", "max 100000\n")).isEqualTo("max 100000");
    assertThat(read(Kernels.V2, "cpuacct.usage", "usage_usec 12\nuser_usec 5\nsystem_usec 7\n"))
        .isEqualTo("12");
    assertThat(read(Kernels.V2, "cpuacct.usage_sys", "usage_usec 12\nuser_usec 5\nsystem_usec 7\n"))
        .isEqualTo("7");
    assertThat(read(Kernels.V2, "memory.kmem.current", "anon 1\nkernel 5\n")).isEqualTo("5");
    assertThat(read(Kernels.V2, "freezer.state", "0\n", "populated 1\nfrozen 0\n"))
        .isEqualTo("THAWED");
    assertThat(read(Kernels.V2, "freezer.state", "1\n", "populated 1\nfrozen 0\n"))
        .isEqualTo("FREEZING");
    assertThat(read(Kernels.V2, "freezer.state", "1\n", "populated 1\nfrozen 1\n"))
        .isEqualTo("FROZEN");
    assertThat(read(Kernels.V2, "freezer.state", "0\n", "populated 1\nfrozen 1\n"))
        .isEqualTo("FROZEN");
  }

  @Test
  void whatTheKernelDoesNotSayIsNeverTakenForANumber() {
    assertThatThrownBy(() -> read(Kernels.V1, "memory.max", "\n"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> read(Kernels.V1, "cpu.weight", "lots\n"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cpu.shares says lots");
    assertThatThrownBy(() -> read(Kernels.V2, "cpuacct.usage", "user_usec 5\n"))
        .hasMessageContaining("cpu.stat has no line usage_usec");
    assertThatThrownBy(() -> read(Kernels.V2, "memory.max"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
