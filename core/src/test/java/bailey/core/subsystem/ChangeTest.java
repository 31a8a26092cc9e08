package bailey.core.subsystem;

import static bailey.core.subsystem.Translation.change;
import static bailey.core.subsystem.Translation.owner;
import static bailey.core.subsystem.Translation.read;
import static bailey.core.subsystem.Translation.writes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written on v1 and on v2 for each control file; the kernel proves it elsewhere. */
class ChangeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "memory.max      | 64M     | memory.limit_in_bytes=67108864        | memory.max=67108864",
        "memory.max      | max     | memory.limit_in_bytes=-1              | memory.max=max",
        "memory.max      | 70000   | memory.limit_in_bytes=69632           | memory.max=69632",
        "memory.low      | 1M      | memory.soft_limit_in_bytes=1048576    | memory.low=1048576",
        "memory.low      | 0       | memory.soft_limit_in_bytes=-1         | memory.low=0",
        "memory.swap.max | max     | memory.memsw.limit_in_bytes=-1        | memory.swap.max=max",
        "cpu.weight      | 100     | cpu.shares=1024                       | cpu.weight=100",
        "cpu.weight      | 1       | cpu.shares=10                         | cpu.weight=1",
        "cpu.weight      | 10000   | cpu.shares=102400                     | cpu.weight=10000",
        "cpu.weight      | 39      | cpu.shares=399                        | cpu.weight=39",
        "cpu.max         | 50000   | cpu.cfs_quota_us=-1; cpu.cfs_period_us=100000;"
            + " cpu.cfs_quota_us=50000 | cpu.max=50000 100000",
        "cpu.max         | 5000 20000 | cpu.cfs_quota_us=-1; cpu.cfs_period_us=20000;"
            + " cpu.cfs_quota_us=5000 | cpu.max=5000 20000",
        "cpu.max         | max     | cpu.cfs_quota_us=-1; cpu.cfs_period_us=100000 | cpu.max=max"
            + " 100000",
        "cpu.max.burst   | 1000    | cpu.cfs_burst_us=1000                 | cpu.max.burst=1000",
        "cpuset.cpus     | 0,1,3   | cpuset.cpus=0-1,3                     | cpuset.cpus=0-1,3",
        "memset.mems     | 0       | cpuset.mems=0                         | cpuset.mems=0",
        "pids.max        | 32      | pids.max=32                           | pids.max=32",
        "io.weight       | 100     | blkio.bfq.weight=100                  | io.weight=default 100",
        "io.weight       | default 10000 | blkio.bfq.weight=1000           | io.weight=default"
            + " 10000",
        "io.weight       | 8:0 210 | blkio.bfq.weight_device=8:0 110       | io.weight=8:0 210",
        "freezer.state   | FROZEN  | freezer.state=FROZEN                  | cgroup.freeze=1",
        "freezer.state   | THAWED  | freezer.state=THAWED                  | cgroup.freeze=0",
        "hugetlb.2MB.max | 4M      | hugetlb.2MB.limit_in_bytes=4194304    |"
            + " hugetlb.2MB.max=4194304",
        "hugetlb.2MB.max | 5M      | hugetlb.2MB.limit_in_bytes=4194304    |"
            + " hugetlb.2MB.max=4194304",
        "hugetlb.1GB.max | max     | hugetlb.1GB.limit_in_bytes=-1         | hugetlb.1GB.max=max",
      })
  void settings(String control, String value, String v1, String v2) {
    assertThat(writes(change(Kernels.V1, control, value))).isEqualTo(v1);
    assertThat(writes(change(Kernels.V2, control, value))).isEqualTo(v2);
  }

  @Test
  void ioLimitsAreByDevice() {
    var change = change(Kernels.V1, "io.max", "8:0 rbps=1M wiops=120\n8:16 wbps=2");
    assertThat(change.values())
        .containsEntry(
            "io.max",
            "8:0 rbps=1048576 wbps=max riops=max wiops=120\n"
                + "8:16 rbps=max wbps=2 riops=max wiops=max");
    assertThat(writes(change))
        .startsWith(
            "blkio.throttle.read_bps_device=8:0 1048576; blkio.throttle.write_bps_device=8:0 0;"
                + " blkio.throttle.read_iops_device=8:0 0; blkio.throttle.write_iops_device=8:0"
                + " 120; blkio.throttle.read_bps_device=8:16 0");
    assertThat(writes(change(Kernels.V2, "io.max", "8:0 rbps=1M wiops=120\n8:16 wbps=2")))
        .isEqualTo(
            "io.max=8:0 rbps=1048576 wbps=max riops=max wiops=120;"
                + " io.max=8:16 rbps=max wbps=2 riops=max wiops=max");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "8:0             | says no limit for the device",
        "8:0 rbps        | is no limit of a device",
        "8:0 rbps=       | io.max: rbps: an empty value is not a size",
        "8:0 rbps=0      | is not 2 or more bytes a second",
        "8:0 riops=4294967295 | is not 2 to 4294967294 a second",
        "8:0 rbps=5 rbps=6 | is there twice",
        "8:0 x=5         | is no limit of a device",
        "sda rbps=5      | is no device MAJOR:MINOR",
        "4096:0 rbps=5   | is above the largest device",
      })
  void malformedDeviceLimits(String value, String fault) {
    assertThatThrownBy(() -> change(Kernels.V2, "io.max", value))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("io.max: ")
        .hasMessageContaining(fault)
        .hasMessageContaining("for example ");
  }

  @Test
  void aDeviceIsNamedOnce() {
    assertThatThrownBy(() -> change(Kernels.V2, "io.max", "8:0 rbps=5\n8:0 wbps=5"))
        .hasMessageContaining("names the device 8:0 twice");
    assertThatThrownBy(() -> change(Kernels.V2, "io.weight", "100\ndefault 200"))
        .hasMessageContaining("gives default two weights");
  }

  @Test
  void whatIsGrantedIsWhatTheKernelWillShow() {
    assertThat(change(Kernels.V1, "memory.max", "70000").values())
        .containsExactly(Map.entry("memory.max", "69632"));
    assertThat(change(Kernels.V2, "memory.max", "9223372036854775807").values())
        .containsExactly(Map.entry("memory.max", "max"));
    assertThat(change(Kernels.V1, "io.weight", "1005").values())
        .containsExactly(Map.entry("io.weight", "default 1002"));
    assertThat(change(Kernels.V2, "io.weight", "1005").values())
        .containsExactly(Map.entry("io.weight", "default 1005"));
  }

  @Test
  void lessThanAPageIsRefused() {
    assertThatThrownBy(() -> change(Kernels.V2, "memory.max", "4095"))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("memory.max: 4095 is less than a page of 4096 bytes; write ");
    assertThat(writes(change(Kernels.V2, "memory.max", "0"))).isEqualTo("memory.max=0");
  }

  @Test
  void aBurstThatIsReplacedWithTheQuotaGoesFirst() {
    assertThat(writes(change(Kernels.V2, "cpu.max.burst", "1000", "cpu.max", "2000 10000")))
        .isEqualTo("cpu.max.burst=0; cpu.max=2000 10000; cpu.max.burst=1000");
  }

  @Test
  void weightsOfV1ComeBackExactly() {
    for (int weight = 1; weight <= 10_000; weight++) {
      var shares = change(Kernels.V1, "cpu.weight", "" + weight).writes().getFirst().text();
      assertThat(read(Kernels.V1, "cpu.weight", shares + "\n")).isEqualTo("" + weight);
    }
  }

  @Test
  void ioWeightOfV2GoesToTheCostModelAndToBfq() {
    var both = Kernels.v2With("io", "io.weight", "io.bfq.weight");
    assertThat(writes(change(both, "io.weight", "210")))
        .isEqualTo("io.weight=default 210; io.bfq.weight=default 110");
    var bfq = Kernels.v2With("io", "io.bfq.weight");
    assertThat(writes(change(bfq, "io.weight", "215"))).isEqualTo("io.bfq.weight=default 110");
    assertThat(change(bfq, "io.weight", "215").values()).containsEntry("io.weight", "default 210");
    assertThat(read(bfq, "io.weight", "default 110\n")).isEqualTo("default 210");
    assertThatThrownBy(() -> change(Kernels.v2With("io", "io.max"), "io.weight", "100"))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageContaining("modprobe bfq");
  }

  @Test
  void aWriteIsTakenBackByTheOldText() {
    var write = new KernelWrite("cpu", "cpu.max", "5000 10000");
    assertThat(owner("cpu.max").undo(write, _ -> Optional.of("max 100000\n")))
        .containsExactly(new KernelWrite("cpu", "cpu.max", "max 100000"));
    assertThat(
            owner("devices.allow")
                .undo(new KernelWrite("devices", "devices.allow", "a"), _ -> Optional.empty()))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "io.max | 8:0 rbps=5 | 8:16 rbps=7 | 8:0 rbps=max wbps=max riops=max wiops=max",
        "io.max | 8:0 rbps=5 | 8:0 rbps=7 wbps=max | 8:0 rbps=7 wbps=max",
        "blkio.throttle.read_bps_device | 8:0 5 | 8:16 9 | 8:0 0",
        "blkio.throttle.read_bps_device | 8:0 5 | 8:0 9 | 8:0 9",
        "io.weight | 8:0 5 | default 100 | 8:0 default",
        "io.weight | default 5 | default 100 | default 100",
        "blkio.bfq.weight | 5 | 100 | 100",
      })
  void aWriteForOneDeviceIsTakenBackForThatDevice(
      String file, String text, String old, String undo) {
    var write = new KernelWrite("io", file, text);
    assertThat(owner("io.max").undo(write, _ -> Optional.of(old + "\n")))
        .containsExactly(new KernelWrite("io", file, undo));
  }
}
