package bailey.core.kept;

import static bailey.core.kept.Particulars.Naming.INVENTED;
import static bailey.core.kept.Particulars.Naming.LAST_WORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Arch;
import bailey.core.abi.Sys;
import bailey.core.container.InventedName;
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
    var web = new Particulars(LAST_WORD, "web", Particulars.time(Instant.EPOCH));
    var template = Template.of(web, KeptPlanCodecTest::plan).orElseThrow();
    return KeptPlanCodec.encode(BUILD, call("/", "oci", "run", "web"), facts, template)
        .orElseThrow();
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
                new Fact.Task("/other/first", false),
                Fact.Environment.of(Map.of("PATH", "/bin")),
                new Fact.Guarded("/run/bailey"),
                new Fact.Few("/run/bailey/reports", 320)));
    var head = words(bytes);
    assertThat(head.getInt(0)).isEqualTo(0x4b594c42);
    assertThat(head.getShort(6)).isEqualTo((short) 0b101);
    assertThat(head.getInt(8)).isEqualTo(bytes.length);
    assertThat(head.getInt(12)).isEqualTo(15);
    assertThat(new String(bytes, 40, 16, StandardCharsets.US_ASCII)).isEqualTo(BUILD);
    assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
        .contains("/usr/bin/bailey\0/\0oci\0run\0")
        .contains("SET\0value")
        .contains("/etc/text\0whole\n")
        .contains("/proc/self/status\0Uid:\t0\n")
        .contains("/proc/self/ns/mnt\0mnt:[1]")
        .contains("/bundle/rootfs\0/real")
        .contains("/etc\0l-")
        .contains("/mnt\0P")
        .contains("/state/first\0R")
        .contains("/other/first\0-")
        .contains("PATH=/bin\0")
        .contains("\0\0\0\100\1\0\0/run/bailey/reports\0");
    var plan = plan(new Particulars(LAST_WORD, "web", Particulars.time(Instant.EPOCH)));
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
    var web = new Particulars(LAST_WORD, "web", Particulars.time(Instant.EPOCH));
    var template = Template.of(web, KeptPlanCodecTest::plan).orElseThrow();
    var large = List.<Fact>of(new Fact.Text("/etc/text", "x".repeat(KeptPlanCodec.MOST)));
    assertThat(KeptPlanCodec.encode(BUILD, call("/", "oci", "run", "web"), large, template))
        .isEmpty();
  }

  @Test
  void theFileIsNamedByAllButTheLastArgument() {
    var name = KeptPlanCodec.fileName(call("/", "oci", "run", "web"));
    assertThat(name).matches("plan-[0-9a-f]{16}");
    assertThat(KeptPlanCodec.fileName(call("/", "oci", "run", "app"))).isEqualTo(name);
    assertThat(KeptPlanCodec.fileName(call("/", "oci", "run", "webs"))).isNotEqualTo(name);
    assertThat(KeptPlanCodec.fileName(call("/a", "oci", "run", "web"))).isNotEqualTo(name);
    assertThat(KeptPlanCodec.fileName(call("/", "oci", "create", "web"))).isNotEqualTo(name);
    assertThat(KeptPlanCodec.fileName(call("/", "oci", "ru", "n", "web"))).isNotEqualTo(name);
  }

  @Test
  void ofOtherCommandsAllWordsAndVariablesCount() {
    var name = KeptPlanCodec.fileName(command("A", "1", "run", "true"));
    assertThat(KeptPlanCodec.fileName(command("A", "1", "run", "true"))).isEqualTo(name);
    assertThat(KeptPlanCodec.fileName(command("A", "1", "run", "echo"))).isNotEqualTo(name);
    assertThat(KeptPlanCodec.fileName(command("A", "2", "run", "true"))).isNotEqualTo(name);
    assertThat(KeptPlanCodec.fileName(command("B", "1", "run", "true"))).isNotEqualTo(name);
  }

  private static Call command(String variable, String value, String... arguments) {
    var origin = new Origin("/", Map.of(variable, value));
    return new Call("/usr/bin/bailey", origin, List.of(arguments), 7, Set.of());
  }

  @Test
  void howANameIsInventedIsInIt() {
    var some = new Particulars(INVENTED, "abcdefg", Particulars.stamp(Instant.now()));
    var template = Template.of(some, KeptPlanCodecTest::plan).orElseThrow();
    byte[] bytes =
        KeptPlanCodec.encode(BUILD, command("A", "1", "run"), List.of(), template).orElseThrow();
    assertThat(words(bytes).getInt(12)).isEqualTo(3);
    assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
        .contains("\7\0\0\0" + InventedName.FIRST + "\0" + InventedName.REST);
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
