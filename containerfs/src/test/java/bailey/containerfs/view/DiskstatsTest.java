package bailey.containerfs.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiskstatsTest {
  private static final String MACHINE =
      """
         7       7 loop7 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
       254       0 vda 1007714 104152 23005818 1402716 682517 1344228 52414960 635846 0 342284\
       2247572 1529020 224 44896512 206798 29215 2211
      """;

  private static final String OWN = " 254       0 vda 3 0 16 0 5 0 80 0 0 0 0 7 0 8 0 0 0\n";

  @Test
  void v1() {
    var stats =
        Diskstats.v1(
            """
            254:0 Read 3
            254:0 Write 5
            254:0 Sync 8
            254:0 Discard 7
            254:0 Total 15
            Total 15
            """,
            """
            254:0 Read 8192
            254:0 Write 40960
            254:0 Discard 4096
            254:0 Total 1
            """);
    assertThat(stats.render(MACHINE)).isEqualTo(OWN);
  }

  @Test
  void v2() {
    var stats =
        Diskstats.v2(
            "254:0 rbytes=8192 wbytes=40960 rios=3 wios=5 dbytes=4096 dios=7 cost.usage=9\n9:9\n");
    assertThat(stats.render(MACHINE)).isEqualTo(OWN);
  }

  @Test
  void whoUsedNoneSeesNone() {
    assertThat(Diskstats.v2("").render(MACHINE)).isEmpty();
  }
}
