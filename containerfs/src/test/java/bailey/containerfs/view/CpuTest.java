package bailey.containerfs.view;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.subsystem.CpusetSubsystem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** CPUs and their times. */
class CpuTest {
  private static final long SECOND = 1_000_000_000;

  private static final String MACHINE =
      """
      cpu  7040479 256658 1251570 3113219 7378 0 4990 14297 0 0
      cpu0 3487342 129868 607976 1607399 1817 0 863 7239 0 0
      cpu1 3553136 126790 643594 1505820 5560 0 4126 7057 0 0
      intr 78788973 0 17 4
      ctxt 312621591
      btime 1795318261
      processes 10495064
      procs_running 3
      procs_blocked 9
      softirq 86220993 0 4116539
      new_line 1 2
      """;

  private static CpuShare share(String cpus, String... bandwidths) {
    return CpuShare.of(CpusetSubsystem.CPUS.numbers(cpus), List.of(bandwidths));
  }

  @Test
  void asManyAsTheLowestQuotaComesTo() {
    assertThat(share("0-7").numbers()).hasSize(8);
    assertThat(share("0-7", "max 100000").numbers()).hasSize(8);
    assertThat(share("0-7", "max 100000\n", "250000 100000\n").numbers()).containsExactly(0, 1, 2);
    assertThat(share("2-3,6", "150000 100000").online()).isEqualTo("2-3\n");
    assertThat(share("5", "1000 1000000").online()).isEqualTo("5\n");
    assertThat(CpuShare.bandwidth("-1\n", "100000\n")).isEqualTo("max 100000");
    assertThat(CpuShare.bandwidth("50000\n", "100000\n")).isEqualTo("50000 100000");
  }

  @Test
  void onlyTheirParagraphsAreInCpuinfo() {
    var machine =
        """
        processor\t: 0
        model\t: A

        processor\t: 1
        model\t: B

        processor\t: 2
        model\t: C

        Hardware\t: board
        """;
    assertThat(share("1-2", "100000 100000").cpuinfo(machine))
        .isEqualTo("processor\t: 1\nmodel\t: B\n\nHardware\t: board\n");
    assertThat(share("1").cpuinfo("cpus: many\n")).isEqualTo("cpus: many\n");
  }

  @Test
  void v1TellsEachCpu() {
    var use =
        CpuUse.v1(
            "42588316384727 43570703812518 \n",
            "cpu user system\n0 36172110229047 6088407403427\n1 36799280803996 6477215003019\n",
            "nr_periods 0\nnr_throttled 0\nthrottled_time 5\n");
    assertThat(use.total()).isEqualTo(42_588_316_384_727L + 43_570_703_812_518L);
    assertThat(use.each())
        .containsEntry(
            1, new CpuUse.Pair(36_799_280_803_996L, 43_570_703_812_518L - 36_799_280_803_996L));
    assertThat(use.held()).isEqualTo(5);
  }

  @Test
  void v2TellsOnlyTheSum() {
    var use =
        CpuUse.v2("usage_usec 30\nuser_usec 20\nsystem_usec 10\nnr_periods 0\nthrottled_usec 7\n");
    assertThat(use.user()).isEqualTo(20_000);
    assertThat(use.system()).isEqualTo(10_000);
    assertThat(use.held()).isEqualTo(7_000);
    assertThat(use.each()).isEmpty();
  }

  private static CpuUse use(long user, long system, long held) {
    return new CpuUse(user, system, Map.of(), held, -1);
  }

  @Test
  void whatIsNotUsedIsIdle() {
    var times = new CpuTimes();
    var share = share("0-1");
    assertThat(times.look(10 * SECOND, share, use(4 * SECOND, 2 * SECOND, 0)))
        .containsExactly(
            new Stat.Line(0, 2 * SECOND, SECOND, 7 * SECOND, 0),
            new Stat.Line(1, 2 * SECOND, SECOND, 7 * SECOND, 0));
    assertThat(times.look(11 * SECOND, share, use(6 * SECOND, 2 * SECOND, 0)))
        .containsExactly(
            new Stat.Line(0, 3 * SECOND, SECOND, 7 * SECOND, 0),
            new Stat.Line(1, 3 * SECOND, SECOND, 7 * SECOND, 0));
  }

  @Test
  void whatAQuotaHeldBackIsStolenNotIdle() {
    var times = new CpuTimes();
    var share = share("0", "50000 100000");
    assertThat(times.look(10 * SECOND, share, use(5 * SECOND, 0, 5 * SECOND)))
        .containsExactly(new Stat.Line(0, 5 * SECOND, 0, 0, 5 * SECOND));
    assertThat(times.look(12 * SECOND, share, use(6 * SECOND, 0, 9 * SECOND)))
        .as("several waited at the same time")
        .containsExactly(new Stat.Line(0, 6 * SECOND, 0, 0, 6 * SECOND));
  }

  @Test
  void whatOthersHadWhileItWaitedIsStolen() {
    var times = new CpuTimes();
    var share = share("0");
    var waiting =
        use(4 * SECOND, 0, 0)
            .waiting("some avg10=0.00 avg60=0.00 avg300=0.00 total=3000000\nfull total=0\n");
    assertThat(times.look(10 * SECOND, share, waiting))
        .containsExactly(new Stat.Line(0, 4 * SECOND, 0, 3 * SECOND, 3 * SECOND));
    var more = use(5 * SECOND, 0, 0).waiting("some total=4000000\n");
    assertThat(times.look(11 * SECOND, share, more))
        .as("one of its own had it")
        .containsExactly(new Stat.Line(0, 5 * SECOND, 0, 3 * SECOND, 3 * SECOND));
  }

  @Test
  void noTimeGoesBackwards() {
    var times = new CpuTimes();
    var two = share("0-1");
    var each = Map.of(0, new CpuUse.Pair(SECOND, 0), 1, new CpuUse.Pair(SECOND, 0));
    var first = times.look(2 * SECOND, two, new CpuUse(2 * SECOND, 0, each, 0, -1));
    var again = times.look(2 * SECOND, two, new CpuUse(SECOND, 0, Map.of(), 0, -1));
    assertThat(again).isEqualTo(first);
    var one = times.look(4 * SECOND, share("0-1", "100000 100000"), use(3 * SECOND, 0, 0));
    assertThat(one).containsExactly(new Stat.Line(0, 2 * SECOND, 0, 2 * SECOND, 0));
  }

  @Test
  void statHasTheContainersTimesAndNoInterrupts() {
    var line = new Stat.Line(1, 3 * SECOND, SECOND, 7 * SECOND, SECOND / 2);
    assertThat(Stat.render(MACHINE, List.of(line), 2, 1))
        .isEqualTo(
            """
            cpu  300 0 100 700 0 0 0 50 0 0
            cpu1 300 0 100 700 0 0 0 50 0 0
            intr 78788973
            ctxt 312621591
            btime 1795318261
            processes 10495064
            procs_running 2
            procs_blocked 1
            softirq 86220993 0 4116539
            new_line 1 2
            """);
  }

  @Test
  void uptime() {
    assertThat(Uptime.nanos("58503.27 31132.19\n")).isEqualTo(58_503_270_000_000L);
    assertThat(Uptime.nanos("what")).isZero();
    assertThat(Uptime.render(61 * SECOND + 5 * SECOND / 100, 3 * SECOND / 2))
        .isEqualTo("61.05 1.50\n");
    assertThat(Uptime.render(-5, -5)).isEqualTo("0.00 0.00\n");
  }

  @Test
  void pressure() {
    assertThat(
            CpuUse.stalled(
                """
                some avg10=0.00 avg60=0.00 avg300=0.00 total=22932
                full avg10=0.00 avg60=0.00 avg300=0.00 total=20677
                """))
        .isEqualTo(22_932);
    assertThat(CpuUse.stalled("")).isEqualTo(-1);
  }
}
