package bailey.core.kept;

import static bailey.core.kept.Particulars.Naming.FIXED;
import static bailey.core.kept.Particulars.Naming.INVENTED;
import static bailey.core.kept.Particulars.Naming.LAST_WORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Arch;
import bailey.core.abi.KernelText;
import bailey.core.abi.Sys;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanCodec;
import bailey.core.plan.Registers;
import bailey.core.plan.Steps;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
  private static final Particulars WEB =
      new Particulars(LAST_WORD, "web-1", Particulars.time(Instant.parse("2026-11-22T19:00:00Z")));

  private static Plan plan(String... texts) {
    var steps = new Steps(new Registers());
    for (var text : texts) {
      steps.call("going there", Sys.CHDIR, Operand.text(text));
    }
    return new Plan("a plan", Arch.X86_64, List.of(), steps.list());
  }

  /** What the executor makes of it. */
  private static byte[] filled(Template template, Particulars particulars) {
    byte[] bytes = template.plan().clone();
    for (var slot : template.slots()) {
      byte[] text =
          switch (slot.what()) {
            case NAME, INVENTED_NAME -> KernelText.encode(particulars.name());
            case TIME, STAMP -> KernelText.encode(particulars.time());
            case SUM -> {
              int end = slot.at() - EndMark.TEXT.length();
              var mark = EndMark.of(Arrays.copyOfRange(bytes, slot.from(), end));
              yield KernelText.encode(mark.strip().substring(EndMark.TEXT.length()));
            }
          };
      System.arraycopy(text, 0, bytes, slot.at(), text.length);
    }
    return bytes;
  }

  private static Plan container(Particulars p) {
    return plan(
        "/run/" + p.name() + "/lock",
        "{\"id\": \"" + p.name() + "\", \"again\": \"" + p.name() + p.name() + "\"}",
        p.time(),
        "web-1 of the bundle");
  }

  @Test
  void filledItIsThePlanOfAnother() {
    var template = Template.of(WEB, TemplateTest::container).orElseThrow();
    var other =
        new Particulars(
            LAST_WORD, "app-2", Particulars.time(Instant.parse("2027-01-02T03:04:05.06Z")));
    assertThat(filled(template, other))
        .isEqualTo(PlanCodec.encode(container(other), 1).bytes())
        .isNotEqualTo(PlanCodec.encode(container(WEB), 1).bytes());
    assertThat(filled(template, WEB)).isEqualTo(PlanCodec.encode(container(WEB), 1).bytes());
  }

  /** As the records of containers are, in the middle of other texts. */
  private static Plan recorded(Particulars p) {
    var record = "name=" + p.name() + "\nid=" + p.time() + "\n";
    return plan("/run/" + p.name(), record + EndMark.of(KernelText.encode(record)), p.time());
  }

  @Test
  void theSumOfARecordFollows() {
    var some = new Particulars(INVENTED, "abc2345", "1795400520010508953");
    var template = Template.of(some, TemplateTest::recorded).orElseThrow();
    assertThat(template.naming()).isEqualTo(INVENTED);
    assertThat(template.slots().getLast().what()).isEqualTo(Template.What.SUM);
    var other = new Particulars(INVENTED, "zzz9999", "1800000000000000000");
    assertThat(filled(template, other)).isEqualTo(PlanCodec.encode(recorded(other), 1).bytes());
  }

  @Test
  void aSumOfSomethingElseHasNoPlace() {
    var some = new Particulars(INVENTED, "abc2345", "1795400520010508953");
    assertThat(
            Template.of(some, p -> plan(p.name() + EndMark.of(KernelText.encode("x" + p.name())))))
        .isEmpty();
    assertThat(Template.of(some, p -> plan(p.name() + "\n# end " + sum(p)))).isEmpty();
  }

  private static String sum(Particulars p) {
    return Integer.toHexString(p.hashCode() | 0xf0000000) + "\n";
  }

  @Test
  void ofAFixedNameOnlyTheTimeHasPlaces() {
    var some = new Particulars(FIXED, "web", "1795400520010508953");
    var template = Template.of(some, TemplateTest::recorded).orElseThrow();
    assertThat(template.slots())
        .extracting(Template.Slot::what)
        .containsOnly(Template.What.STAMP, Template.What.SUM);
    var later = new Particulars(FIXED, "web", "1800000000000000000");
    assertThat(filled(template, later)).isEqualTo(PlanCodec.encode(recorded(later), 1).bytes());
  }

  @Test
  void stampsAreNanoseconds() {
    var instant = Instant.parse("2026-11-23T02:03:04.000000005Z");
    assertThat(Particulars.stamp(instant)).isEqualTo("1795399384000000005");
    assertThat(Particulars.instant("1795399384000000005")).isEqualTo(instant);
    assertThatThrownBy(() -> Particulars.stamp(Instant.EPOCH))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void isNone(Function<Particulars, Plan> planner) {
    assertThat(Template.of(WEB, planner)).isEmpty();
  }

  @Test
  void whereMoreThanTheParticularsDiffersThereIsNone() {
    isNone(p -> plan("/run/" + p.name().substring(0, 2)));
    isNone(p -> plan("/run/" + p.name().substring(1)));
    isNone(p -> plan("/run/" + p.name().hashCode() % 10));
    isNone(p -> plan("/run/" + p.name().toUpperCase(java.util.Locale.ROOT)));
    isNone(p -> plan(p.time().substring(0, 19)));
    isNone(p -> p.name().equals("web-1") ? plan("/a") : plan("/a", "/b"));
    isNone(p -> p.time().equals(WEB.time()) ? plan("/a") : plan("/a", "/b"));
    isNone(p -> plan(p.name(), "web-1")); // the same text is in a plan once
  }

  @Test
  void aNameWithoutLettersHasNone() {
    assertThat(Template.of(new Particulars(LAST_WORD, "-", WEB.time()), TemplateTest::container))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T19:00:00Z, 2026-11-22T19:00:00.000000Z",
    "2026-11-22T19:00:00.5Z, 2026-11-22T19:00:00.500000Z",
    "2026-11-22T19:00:00.123456Z, 2026-11-22T19:00:00.123456Z",
    "2026-11-22T19:00:00.000001999Z, 2026-11-22T19:00:00.000001Z"
  })
  void timesAreAllOfTheSameLength(String instant, String text) {
    assertThat(Particulars.time(Instant.parse(instant))).isEqualTo(text);
  }
}
