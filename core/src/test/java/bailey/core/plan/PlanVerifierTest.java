package bailey.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.abi.Arch;
import bailey.core.abi.Sys;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Each fault that a plan can have is found, and a sound plan has none. */
class PlanVerifierTest {
  private static List<String> faults(Consumer<Steps> body) {
    var steps = new Steps(new Registers());
    body.accept(steps);
    return PlanVerifier.faults(new Plan("test", Arch.X86_64, List.of(), steps.list()));
  }

  private static Step.Note note() {
    return new Step.Note("testing", "test");
  }

  private static Step end() {
    return new Step.End(note(), Operand.number(0));
  }

  @Test
  void soundPlanHasNone() {
    assertThat(
            faults(
                steps -> {
                  var fd = steps.open("opening", Steps.cwd(), "/", 0, "dir");
                  steps.close(fd);
                  steps.add(end());
                }))
        .isEmpty();
  }

  @Test
  void descriptorLeftOpen() {
    assertThat(faults(steps -> steps.open("opening", Steps.cwd(), "/", 0, "dir")))
        .containsExactly("the plan: $dir is left open");
  }

  @Test
  void descriptorThatUndoClosesIsNotLeftOpen() {
    assertThat(
            faults(
                steps -> {
                  var fd = steps.open("opening", Steps.cwd(), "/", 0, "dir");
                  steps.undo("closing", undo -> undo.close(fd));
                }))
        .isEmpty();
  }

  @Test
  void descriptorClosedTwice() {
    assertThat(
            faults(
                steps -> {
                  var fd = steps.open("opening", Steps.cwd(), "/", 0, "dir");
                  steps.close(fd);
                  steps.close(fd);
                }))
        .contains("the plan: close($dir): $dir is not open");
  }

  @Test
  void registerUsedBeforeItIsSet() {
    assertThat(
            faults(
                steps ->
                    steps.call(
                        "entering",
                        Sys.FCHDIR,
                        Operand.result(steps.registers().number("nothing")))))
        .containsExactly("the plan: fchdir($nothing): $nothing is used before it is set");
  }

  @Test
  void stepBehindTheEnd() {
    assertThat(faults(steps -> steps.add(end()).call("leaving", Sys.SETSID)))
        .containsExactly("the plan: setsid(): is never reached");
  }

  @Test
  void childThatDoesNotEnd() {
    assertThat(
            faults(
                steps ->
                    steps.add(
                        new Step.Spawn(
                            note(), "child", new Datum.Space("arguments", 88), null, List.of()))))
        .containsExactly("child: does not end");
  }

  @Test
  void undoThatMightUndoWhatWasNotDone() {
    assertThat(
            faults(
                steps ->
                    steps.when(
                        "never",
                        Operand.number(0),
                        Step.Test.EQUAL,
                        Operand.number(1),
                        inner -> inner.undo("nothing", undo -> {}))))
        .singleElement()
        .asString()
        .contains("must be on the main line");
  }
}
