package bailey.core.kept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Arch;
import bailey.core.abi.Sys;
import bailey.core.kernel.Call;
import bailey.core.kernel.Origin;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanCodec;
import bailey.core.plan.Registers;
import bailey.core.plan.Steps;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeptPlanCodecTest {
  private static final String BUILD = "0123456789abcdef";

  private static Call call(String directory, String... arguments) {
    return new Call(
        "/usr/bin/bailey", new Origin(directory, Map.of()), List.of(arguments), 7, Set.of(0, 2));
  }

  private static Plan plan(Particulars p) {
    var steps = new Steps(new Registers());
    steps.call("going there", Sys.CHDIR, Operand.text("/run/" + p.name() + "/" + p.time()));
    return new Plan("a plan", Arch.X86_64, List.of(), steps.list());
  }

  private static byte[] encoded(List<Fact> facts) {
    var web = new Particulars("web", Particulars.time(Instant.EPOCH));
    var template = Template.of(web, KeptPlanCodecTest::plan).orElseThrow();
    return KeptPlanCodec.encode(BUILD, call("/", "run", "web"), facts, template).orElseThrow();
  }

  private static ByteBuffer words(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void allThatIsDependedOnIsInIt() {
    byte[] bytes =
        encoded(
            List.of(
                new Fact.Variable("SET", Optional.of("value")),
                new Fact.Variable("UNSET", Optional.empty()),
                new Fact.Text("/etc/text", "whole\n"),
                new Fact.Lines("/proc/self/status", "Uid:\t0\n"),
                new Fact.Link("/proc/self/ns/mnt", "mnt:[1]"),
                new Fact.Directory("/bundle/rootfs", "/real"),
                new Fact.Place("/etc", Fact.Kind.LINK, false),
                new Fact.Proc("/mnt", true),
                new Fact.Task("/state/first", true),
                new Fact.Task("/other/first", false)));
    var head = words(bytes);
    assertThat(head.getInt(0)).isEqualTo(0x4b594c42);
    assertThat(head.getShort(6)).isEqualTo((short) 0b101);
    assertThat(head.getInt(8)).isEqualTo(bytes.length);
    assertThat(head.getInt(12)).isEqualTo(12);
    assertThat(new String(bytes, 40, 16, StandardCharsets.US_ASCII)).isEqualTo(BUILD);
    assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
        .contains("/usr/bin/bailey\0/\0run\0")
        .contains("SET\0value")
        .contains("/etc/text\0whole\n")
        .contains("/proc/self/status\0Uid:\t0\n")
        .contains("/proc/self/ns/mnt\0mnt:[1]")
        .contains("/bundle/rootfs\0/real")
        .contains("/etc\0l-")
        .contains("/mnt\0P")
        .contains("/state/first\0R")
        .contains("/other/first\0-");
    var plan = plan(new Particulars("web", Particulars.time(Instant.EPOCH)));
    int at = head.getInt(16);
    byte[] code = PlanCodec.encode(plan, 1).bytes();
    assertThat(Arrays.copyOfRange(bytes, at, at + code.length)).isEqualTo(code);
  }

  @Test
  void whatIsNotSetDiffersFromWhatIsEmpty() {
    assertThat(encoded(List.of(new Fact.Variable("A", Optional.empty()))))
        .isNotEqualTo(encoded(List.of(new Fact.Variable("A", Optional.of("")))));
  }

  @Test
  void everyFlippedBitChangesTheSum() {
    byte[] bytes = encoded(List.of(new Fact.Text("/etc/text", "whole\n")));
    long sum = words(bytes).getLong(KeptPlanCodec.SUM_AT);
    words(bytes).putLong(KeptPlanCodec.SUM_AT, 0);
    assertThat(KeptPlanCodec.sum(words(bytes))).isEqualTo(sum);
    var random = new Random(27);
    for (int round = 0; round < 2000; round++) {
      int bit = random.nextInt(bytes.length * 8);
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(KeptPlanCodec.sum(words(bytes))).isNotEqualTo(sum);
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
  }

  @Test
  void whatIsTooLargeIsNotKept() {
    var web = new Particulars("web", Particulars.time(Instant.EPOCH));
    var template = Template.of(web, KeptPlanCodecTest::plan).orElseThrow();
    var large = List.<Fact>of(new Fact.Text("/etc/text", "x".repeat(KeptPlanCodec.MOST)));
    assertThat(KeptPlanCodec.encode(BUILD, call("/", "run", "web"), large, template)).isEmpty();
  }

  @Test
  void theFileIsNamedByAllButTheLastArgument() {
    var name = KeptPlanCodec.fileName(call("/", "run", "web"));
    assertThat(name).matches("plan-[0-9a-f]{16}");
    assertThat(KeptPlanCodec.fileName(call("/", "run", "app"))).isEqualTo(name);
    assertThat(KeptPlanCodec.fileName(call("/", "run", "webs"))).isNotEqualTo(name);
    assertThat(KeptPlanCodec.fileName(call("/a", "run", "web"))).isNotEqualTo(name);
    assertThat(KeptPlanCodec.fileName(call("/", "create", "web"))).isNotEqualTo(name);
    assertThat(KeptPlanCodec.fileName(call("/", "ru", "n", "web"))).isNotEqualTo(name);
  }

  @Test
  void ofAnEnvironmentWhatWasLookedAtIsTold() {
    var variables = new Variables(Map.of("A", "1", "B", "2"));
    assertThat(variables.getOrDefault("A", "")).isEqualTo("1");
    assertThat(variables.getOrDefault("C", "none")).isEqualTo("none");
    assertThat(variables.seen())
        .containsExactly(
            new Fact.Variable("A", Optional.of("1")), new Fact.Variable("C", Optional.empty()));
    assertThatThrownBy(() -> variables.forEach((_, _) -> {}))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
