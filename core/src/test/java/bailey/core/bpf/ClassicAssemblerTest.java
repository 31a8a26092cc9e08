package bailey.core.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.bpf.ClassicAssembler.Comparison;
import org.junit.jupiter.api.Test;

class ClassicAssemblerTest {
  private static final int NUMBER = 0;

  /** Around the 255 instructions that a conditional jump reaches, for one target and for both. */
  @Test
  void targetsNearAndFarAreReached() {
    for (int between = 0; between <= 3; between++) {
      for (int after = 248; after <= 258; after++) {
        for (boolean trueIsFurther : new boolean[] {false, true}) {
          assertReached(between, after, trueIsFurther);
        }
      }
    }
  }

  private static void assertReached(int between, int after, boolean trueIsFurther) {
    var program = new ClassicAssembler();
    int further = program.ret(1);
    fill(program, between);
    int nearer = program.ret(2);
    fill(program, after);
    int jump =
        trueIsFurther
            ? program.jump(Comparison.EQUAL, 7, further, nearer)
            : program.jump(Comparison.EQUAL, 7, nearer, further);
    program.load(NUMBER, jump);
    var machine = new ClassicMachine(program.bytes());
    var what = between + " between, " + after + " after";
    assertThat(run(machine, 7)).as(what).isEqualTo(trueIsFurther ? 1 : 2);
    assertThat(run(machine, 8)).as(what).isEqualTo(trueIsFurther ? 2 : 1);
  }

  private static void fill(ClassicAssembler program, int count) {
    for (int i = 0; i < count; i++) {
      program.ret(99);
    }
  }

  private static int run(ClassicMachine machine, int number) {
    return machine.run(0, number, 0, 0, 0, 0, 0, 0).value();
  }

  @Test
  void instructionsGoOnWhereTheyAreTold() {
    var program = new ClassicAssembler();
    int target = program.ret(5);
    program.ret(6);
    program.load(NUMBER, program.and(0xff, target));
    assertThat(run(new ClassicMachine(program.bytes()), 1)).isEqualTo(5);
    assertThat(program.size()).isEqualTo(5);
  }

  @Test
  void bytesAreThoseOfStructSockFilter() {
    var program = new ClassicAssembler();
    int yes = program.ret(0x7fff0000);
    int no = program.ret(0x00050001);
    program.load(NUMBER, program.jump(Comparison.GREATER_OR_EQUAL, 0x01020304, yes, no));
    assertThat(program.bytes())
        .containsExactly(
            new int[] {
              0x20, 0, 0, 0, 0, 0, 0, 0, // A = number
              0x35, 0, 1, 0, 4, 3, 2, 1, // if A >= 0x01020304 goto +1 else +0
              0x06, 0, 0, 0, 1, 0, 5, 0, // return 0x00050001
              0x06, 0, 0, 0, 0, 0, 0xff, 0x7f // return 0x7fff0000
            });
  }
}
