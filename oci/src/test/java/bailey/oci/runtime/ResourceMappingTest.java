package bailey.oci.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupLayout;
import bailey.core.subsystem.CgroupFeatures;
import bailey.oci.config.OciReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceMappingTest {
  private static final CgroupFeatures V1 = features(false);
  private static final CgroupFeatures V2 = features(true);

  private static CgroupFeatures features(boolean unified) {
    var mounts = new TreeMap<String, String>();
    if (!unified) {
      List.of("memory", "cpu", "cpuset", "pids", "blkio", "devices", "hugetlb")
          .forEach(name -> mounts.put(name, "/sys/fs/cgroup/" + name));
    }
    return CgroupFeatures.of(
        new CgroupLayout(
            mounts,
            Optional.of("/sys/fs/cgroup"),
            unified ? List.of("memory", "cpu", "cpuset", "pids", "io", "hugetlb") : List.of(),
            Map.of(),
            Optional.of("/bailey")),
        4096,
        Map.of());
  }

  private static List<String> writes(CgroupFeatures features, String json) {
    var resources = OciReader.resources(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    return ResourceMapping.of(features, resources).stream()
        .map(write -> write.file() + "=" + write.text())
        .toList();
  }

  @Test
  void memoryOnV1IsLimitedBeforeMemoryAndSwap() {
    assertThat(writes(V1, "{'memory':{'limit':1000,'swap':2000,'reservation':500}}"))
        .containsExactly(
            "memory.limit_in_bytes=1000",
            "memory.memsw.limit_in_bytes=2000",
            "memory.soft_limit_in_bytes=500");
    assertThat(writes(V1, "{'memory':{'limit':-1}}"))
        .containsExactly("memory.memsw.limit_in_bytes=-1", "memory.limit_in_bytes=-1");
  }

  @Test
  void memoryOnV2IsApartFromSwap() {
    assertThat(writes(V2, "{'memory':{'limit':1000,'swap':3000,'reservation':500}}"))
        .containsExactly("memory.swap.max=2000", "memory.max=1000", "memory.low=500");
    assertThat(writes(V2, "{'memory':{'limit':-1,'swap':-1}}"))
        .containsExactly("memory.swap.max=max", "memory.max=max");
    assertThatThrownBy(() -> writes(V2, "{'memory':{'swap':3000}}"))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageStartingWith("linux.resources.memory.swap: ");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "512, 59", "1024, 100", "262143, 10000", "262144, 10000"})
  void sharesBecomeAWeight(long shares, long weight) {
    String json = "{'cpu':{'shares':" + shares + "}}";
    assertThat(writes(V1, json)).containsExactly("cpu.shares=" + shares);
    assertThat(writes(V2, json)).containsExactly("cpu.weight=" + weight);
  }

  @Test
  void processorTime() {
    String json = "{'cpu':{'quota':50000,'period':100000,'cpus':'0-1','mems':'0'}}";
    assertThat(writes(V1, json))
        .containsExactly(
            "cpu.cfs_period_us=100000",
            "cpu.cfs_quota_us=50000",
            "cpuset.cpus=0-1",
            "cpuset.mems=0");
    assertThat(writes(V2, json))
        .containsExactly("cpu.max=50000 100000", "cpuset.cpus=0-1", "cpuset.mems=0");
    assertThat(writes(V2, "{'cpu':{'quota':-1}}")).containsExactly("cpu.max=max 100000");
  }

  @Test
  void noProcessesAreOne() {
    assertThat(writes(V2, "{'pids':{'limit':0}}")).containsExactly("pids.max=1");
    assertThat(writes(V2, "{'pids':{}}")).isEmpty();
  }

  @Test
  void everythingElse() {
    String json =
        "{'pids':{'limit':-1},'hugepageLimits':[{'pageSize':'2MB','limit':4096}],"
            + "'blockIO':{'weight':1000,'throttleReadBpsDevice':"
            + "[{'major':8,'minor':0,'rate':1024}]}}";
    assertThat(writes(V1, json))
        .containsExactly(
            "pids.max=max",
            "blkio.bfq.weight=1000",
            "blkio.throttle.read_bps_device=8:0 1024",
            "hugetlb.2MB.limit_in_bytes=4096");
    assertThat(writes(V2, json))
        .containsExactly(
            "pids.max=max",
            "io.weight=default 10000",
            "io.max=8:0 rbps=1024",
            "hugetlb.2MB.max=4096");
  }

  @Test
  void filesOfV2AreForV2() {
    assertThat(writes(V2, "{'unified':{'memory.high':'1G'}}")).containsExactly("memory.high=1G");
    assertThatThrownBy(() -> writes(V1, "{'unified':{'memory.high':'1G'}}"))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageStartingWith("linux.resources.unified.memory.high: ");
  }

  @Test
  void whatTheKernelLacksIsNamed() {
    assertThatThrownBy(() -> writes(V2, "{'network':{'classID':5}}"))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageStartingWith("linux.resources.network.classID: ");
    assertThat(writes(V2, "{}")).isEmpty();
  }
}
