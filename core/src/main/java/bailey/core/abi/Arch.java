package bailey.core.abi;

/** A machine architecture that bailey runs on; its plans and filters carry its numbers. */
public enum Arch {
  /** 64-bit x86: {@code AUDIT_ARCH_X86_64}, {@code EM_X86_64}. */
  X86_64("x86_64", 0xC000003E, 62),
  /** 64-bit Arm: {@code AUDIT_ARCH_AARCH64}, {@code EM_AARCH64}. */
  AARCH64("aarch64", 0xC00000B7, 183);

  private final String machine;
  private final int auditArch;
  private final int elfMachine;

  Arch(String machine, int auditArch, int elfMachine) {
    this.machine = machine;
    this.auditArch = auditArch;
    this.elfMachine = elfMachine;
  }

  /** The name that {@code uname -m} prints. */
  public String machine() {
    return machine;
  }

  /** The {@code AUDIT_ARCH_} value that seccomp filters see (linux/audit.h). */
  public int auditArch() {
    return auditArch;
  }

  /** The {@code e_machine} of its ELF files (elf.h). */
  public int elfMachine() {
    return elfMachine;
  }

  /**
   * The architecture named by Java's {@code os.arch} or {@code uname -m}.
   *
   * @throws IllegalArgumentException for a name that bailey has no constants for: never a guess
   */
  public static Arch of(String name) {
    return switch (name) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64", "arm64" -> AARCH64;
      default ->
          throw new IllegalArgumentException(
              "bailey has no system call numbers for the architecture "
                  + name
                  + "; it runs on x86_64 and aarch64");
    };
  }
}
