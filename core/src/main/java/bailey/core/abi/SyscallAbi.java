package bailey.core.abi;

import org.jspecify.annotations.Nullable;

/**
 * An interface by which programs make system calls: an architecture's own, or one that its kernels
 * also have for programs of another. Numbers: linux/audit.h; names: libseccomp's seccomp.h.
 */
public enum SyscallAbi {
  /** 64-bit x86. */
  X86_64("SCMP_ARCH_X86_64", Arch.X86_64, 0xC000003E, 0, true),
  /** x86-64 with pointers of 32 bits: marked by a bit of the number ({@code __X32_SYSCALL_BIT}). */
  X32("SCMP_ARCH_X32", Arch.X86_64, 0xC000003E, 0x40000000, true),
  /** 32-bit x86, on a 64-bit kernel by {@code int 0x80}. */
  X86("SCMP_ARCH_X86", Arch.X86_64, 0x40000003, 0, false),
  /** 64-bit Arm. */
  AARCH64("SCMP_ARCH_AARCH64", Arch.AARCH64, 0xC00000B7, 0, true),
  /** 32-bit Arm (EABI). */
  ARM("SCMP_ARCH_ARM", Arch.AARCH64, 0x40000028, 0, false);

  private final String seccompName;
  private final Arch machine;
  private final int auditArch;
  private final int firstNumber;
  private final boolean wide;

  SyscallAbi(String seccompName, Arch machine, int auditArch, int firstNumber, boolean wide) {
    this.seccompName = seccompName;
    this.machine = machine;
    this.auditArch = auditArch;
    this.firstNumber = firstNumber;
    this.wide = wide;
  }

  /** libseccomp's name, which OCI documents use. */
  public String seccompName() {
    return seccompName;
  }

  /** The machines whose kernels may have it. */
  public Arch machine() {
    return machine;
  }

  /** The {@code AUDIT_ARCH_} value that filters see. */
  public int auditArch() {
    return auditArch;
  }

  /** What is added to each number of its table. */
  public int firstNumber() {
    return firstNumber;
  }

  /** Whether arguments have 64 bits. */
  public boolean wide() {
    return wide;
  }

  /** The machine's own. */
  public static SyscallAbi of(Arch machine) {
    return switch (machine) {
      case X86_64 -> X86_64;
      case AARCH64 -> AARCH64;
    };
  }

  /** The one that libseccomp calls {@code name}; null if bailey has no numbers for it. */
  public static @Nullable SyscallAbi named(String name) {
    for (var abi : values()) {
      if (abi.seccompName.equals(name)) {
        return abi;
      }
    }
    return null;
  }
}
