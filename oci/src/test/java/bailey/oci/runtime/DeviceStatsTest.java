package bailey.oci.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.oci.json.JsonWriter;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** As runc's {@code events} has it. */
class DeviceStatsTest {
  private static String of(Map<String, String> files, BiConsumer<DeviceStats, JsonWriter> what) {
    var out = JsonWriter.line().object();
    what.accept(new DeviceStats((_, file) -> Optional.ofNullable(files.get(file))), out);
    return out.end().text();
  }

  @Test
  void blockDevicesOfVersion1() {
    var text =
        of(
            Map.of(
                "blkio.bfq.io_service_bytes_recursive",
                "8:0 Read 0\n8:0 Write 0\nTotal 0\n",
                "blkio.throttle.io_service_bytes_recursive",
                "8:0 Read 4096\n8:0 Write 12\nTotal 4108\n",
                "blkio.bfq.io_serviced_recursive",
                "8:16 Read 3\nTotal 3\n"),
            (stats, out) -> stats.blockIo(out, true));
    assertThat(text)
        .isEqualTo(
            "{\"ioServiceBytesRecursive\":[{\"major\":8,\"minor\":0,\"op\":\"Read\",\"value\":4096},"
                + "{\"major\":8,\"minor\":0,\"op\":\"Write\",\"value\":12}],"
                + "\"ioServicedRecursive\":[{\"major\":8,\"minor\":16,\"op\":\"Read\",\"value\":3}]}");
  }

  @Test
  void blockDevicesOfVersion2() {
    var text =
        of(
            Map.of(
                "io.stat", "254:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0\nnonsense\n"),
            (stats, out) -> stats.blockIo(out, false));
    assertThat(text)
        .isEqualTo(
            "{\"ioServiceBytesRecursive\":[{\"major\":254,\"minor\":0,\"op\":\"Read\",\"value\":4096},"
                + "{\"major\":254,\"minor\":0,\"op\":\"Write\",\"value\":0}],"
                + "\"ioServicedRecursive\":[{\"major\":254,\"minor\":0,\"op\":\"Read\",\"value\":1},"
                + "{\"major\":254,\"minor\":0,\"op\":\"Write\",\"value\":0}]}");
    assertThat(of(Map.of(), (stats, out) -> stats.blockIo(out, false))).isEqualTo("{}");
  }

  @Test
  void hugePagesOfEitherVersion() {
    assertThat(
            of(
                Map.of(
                    "hugetlb.2MB.usage_in_bytes", "4194304\n",
                    "hugetlb.2MB.max_usage_in_bytes", "8388608\n",
                    "hugetlb.2MB.failcnt", "3\n"),
                (stats, out) -> stats.hugePages(out, true)))
        .isEqualTo("{\"2MB\":{\"usage\":4194304,\"max\":8388608,\"failcnt\":3}}");
    assertThat(
            of(
                Map.of(
                    "hugetlb.1GB.current", "0\n",
                    "hugetlb.1GB.max", "max\n",
                    "hugetlb.1GB.events", "max 5\n"),
                (stats, out) -> stats.hugePages(out, false)))
        .isEqualTo("{\"1GB\":{\"usage\":0,\"max\":0,\"failcnt\":5}}");
  }
}
