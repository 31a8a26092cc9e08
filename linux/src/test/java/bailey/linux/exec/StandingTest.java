package bailey.linux.exec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StandingTest {
  private static final String STATUS =
      """
      Name:	java
      Uid:	0	0	0	0
      Gid:	0	0	0	0
      Groups:	0 4\s
      CapInh:	0000000000000001
      CapPrm:	000001ffffffffff
      CapEff:	000001ffffffffff
      CapBnd:	000001ffffffffff
      CapAmb:	0000000000000000
      NoNewPrivs:	0
      Seccomp:	0
      Seccomp_filters:	0
      voluntary_ctxt_switches:	1
      """;

  @Test
  void whatAProcessMayIsKept() {
    assertThat(Standing.credentials(STATUS))
        .contains("Uid:", "Gid:", "Groups:\t0 4", "CapPrm:", "CapEff:", "CapBnd:")
        .contains("NoNewPrivs:", "Seccomp:", "Seccomp_filters:")
        .doesNotContain("Name", "CapInh", "CapAmb", "ctxt");
  }

  @Test
  void anyLessIsAnother() {
    var whole = Standing.credentials(STATUS);
    for (var change :
        new String[][] {
          {"CapEff:	000001ff", "CapEff:	000001fe"},
          {"CapBnd:	000001ff", "CapBnd:	000001fe"},
          {"NoNewPrivs:	0", "NoNewPrivs:	1"},
          {"Seccomp:	0", "Seccomp:	2"},
          {"Seccomp_filters:	0", "Seccomp_filters:	1"},
          {"Groups:	0 4", "Groups:	0"},
          {"Uid:	0	0	0", "Uid:	0	0	1"}
        }) {
      assertThat(STATUS).contains(change[0]);
      assertThat(Standing.credentials(STATUS.replace(change[0], change[1]))).isNotEqualTo(whole);
    }
  }

  @Test
  void thisProcessStandsWhereItStands() {
    var own = Standing.read("/proc/self/").orElseThrow();
    assertThat(Standing.read("/proc/" + ProcessHandle.current().pid() + "/")).contains(own);
    assertThat(own.root()).isEqualTo("/");
    assertThat(own.namespaces()).contains("mnt:[", "user:[", "pid:[");
  }

  @Test
  void whoHasGoneStandsNowhere() {
    assertThat(Standing.read("/proc/0/")).isEmpty();
  }
}
