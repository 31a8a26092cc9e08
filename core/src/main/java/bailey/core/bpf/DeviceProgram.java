package bailey.core.bpf;

import bailey.core.subsystem.DevicePolicy;
import bailey.core.subsystem.DeviceRule;

/**
 * The program that guards the devices of a cgroup v2 ({@code BPF_PROG_TYPE_CGROUP_DEVICE}, attached
 * as {@code BPF_CGROUP_DEVICE}, Linux 4.15). It gets a {@code struct bpf_cgroup_dev_ctx}
 * (linux/bpf.h): access_type, whose low half is the type and high half the uses asked for, major
 * and minor; it returns 1 to allow, 0 to refuse with EPERM. The programs of the cgroups above are
 * asked too: all must allow.
 *
 * <p>It decides as the v1 controller does (match_exception() and match_exception_partial() of
 * security/device_cgroup.c): where nothing is allowed but exceptions, one exception must give all
 * uses that are asked for at once, and opening for reading and writing asks for both; where
 * everything is allowed but exceptions, an exception that names any of the uses refuses. runc's
 * program (devicefilter.go of opencontainers/cgroups) lets the latter pass if the exception does
 * not name all of them.
 */
public final class DeviceProgram {
  private static final int BLOCK = 1; // BPF_DEVCG_DEV_BLOCK
  private static final int CHARACTER = 2; // BPF_DEVCG_DEV_CHAR

  private static final int MKNOD = 1; // BPF_DEVCG_ACC_MKNOD
  private static final int READ = 2; // BPF_DEVCG_ACC_READ
  private static final int WRITE = 4; // BPF_DEVCG_ACC_WRITE

  private static final int RESULT = 0;
  private static final int CONTEXT = 1;
  private static final int TYPE = 2;
  private static final int USES = 3;
  private static final int MAJOR = 4;
  private static final int MINOR = 5;

  /** Not 0 where an exception does not apply. The context is needed no more when this is. */
  private static final int SUM = 1;

  /** The result is written after this. */
  private static final int DIFFERENCE = 0;

  private DeviceProgram() {}

  /** The program for {@code policy}: {@code struct bpf_insn}, 8 bytes each, little endian. */
  public static byte[] assemble(DevicePolicy policy) {
    var program = new EbpfAssembler();
    verdict(program, policy.allowByDefault());
    for (var exception : policy.exceptions().reversed()) {
      exception(program, exception, !policy.allowByDefault());
    }
    program.loadWord(MINOR, CONTEXT, 8);
    program.loadWord(MAJOR, CONTEXT, 4);
    program.and(TYPE, 0xffff);
    program.shiftRight(USES, 16);
    program.moveRegister(USES, TYPE);
    program.loadWord(TYPE, CONTEXT, 0);
    return program.bytes();
  }

  private static void verdict(EbpfAssembler program, boolean allow) {
    program.exit();
    program.move(RESULT, allow ? 1 : 0);
  }

  /**
   * Sums up in one register all that keeps the exception from applying, and jumps once. With a jump
   * for each of type, numbers and uses the kernel's verifier would follow what it learns of a
   * device from each rule through all the rules after it: a million steps, its limit, at some
   * hundreds of rules.
   */
  private static void exception(EbpfAssembler program, DeviceRule rule, boolean allow) {
    int next = program.label();
    verdict(program, allow);
    program.jumpIfNotEqual(SUM, 0, next);
    rule.minor().ifPresent(minor -> addDifference(program, MINOR, minor));
    rule.major().ifPresent(major -> addDifference(program, MAJOR, major));
    switch (rule.type()) {
      case BLOCK -> addDifference(program, TYPE, BLOCK);
      case CHARACTER -> addDifference(program, TYPE, CHARACTER);
      case ALL -> {}
    }
    if (allow) {
      program.and(SUM, ~uses(rule));
      program.moveRegister(SUM, USES);
    } else {
      program.move(SUM, 0);
      program.jumpIfEqual(SUM, 0, next);
      program.and(SUM, uses(rule));
      program.moveRegister(SUM, USES);
    }
  }

  /** {@code sum |= register ^ value}. */
  private static void addDifference(EbpfAssembler program, int register, int value) {
    program.orRegister(SUM, DIFFERENCE);
    program.xor(DIFFERENCE, value);
    program.moveRegister(DIFFERENCE, register);
  }

  private static int uses(DeviceRule rule) {
    return (rule.mknod() ? MKNOD : 0) | (rule.read() ? READ : 0) | (rule.write() ? WRITE : 0);
  }
}
