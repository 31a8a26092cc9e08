package bailey.core.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table against the kernel headers of the machine, read through its C preprocessor. */
class SyscallTableTest {
  /**
   * What arch/arm64/include/uapi/asm/unistd.h asks of the generic header, with its two 64-bit ones.
   */
  private static final List<String> AARCH64_WANTS =
      List.of(
          "-D__ARCH_WANT_RENAMEAT",
          "-D__ARCH_WANT_NEW_STAT",
          "-D__ARCH_WANT_SET_GET_RLIMIT",
          "-D__ARCH_WANT_TIME32_SYSCALLS",
          "-D__ARCH_WANT_SYS_CLONE3",
          "-D__ARCH_WANT_MEMFD_SECRET");

  /** Names in the headers that are no calls. */
  private static final List<String> NO_CALLS = List.of("syscalls", "arch_specific_syscall");

  @Test
  void machinesOwnHeaderHasTheSameNumbers() {
    var arch = Arch.of(System.getProperty("os.arch"));
    var header = header("asm/unistd.h", List.of());
    assertThat(header).hasSizeGreaterThan(300);
    assertSame(header, SyscallTable.of(arch));
  }

  @Test
  void genericHeaderHasTheSameNumbersAsAarch64() {
    var header = header("asm-generic/unistd.h", AARCH64_WANTS);
    assertThat(header).hasSizeGreaterThan(280);
    assertSame(header, SyscallTable.of(Arch.AARCH64));
  }

  /** The header of 32-bit x86 that comes with that of x86-64. */
  @Test
  void headersOfTheGuestsHaveTheSameNumbers() {
    assumeThat(System.getProperty("os.arch")).isEqualTo("amd64");
    var x86 = header("asm/unistd_32.h", List.of());
    assertThat(x86).hasSizeGreaterThan(430);
    assertSame(x86, SyscallTable.of(SyscallAbi.X86));
    var x32 = header("asm/unistd_x32.h", List.of("-D__X32_SYSCALL_BIT=0"));
    assertThat(x32).hasSizeGreaterThan(340);
    assertSame(x32, SyscallTable.of(SyscallAbi.X32));
    for (int number = 0; number <= 334; number++) {
      var name = SyscallTable.of(SyscallAbi.X32).name(number);
      name.ifPresent(call -> assertThat(x32).containsKey(call));
    }
  }

  /**
   * Where Debian's linux-libc-dev-armhf-cross is installed, all; else those that are known to
   * differ.
   */
  @Test
  void thirtyTwoBitArmHasItsNumbers() {
    var table = SyscallTable.of(SyscallAbi.ARM);
    assertThat(table.number("read")).hasValue(3);
    assertThat(table.number("arm_fadvise64_64")).hasValue(270);
    assertThat(table.number("socket")).hasValue(281);
    assertThat(table.number("sync_file_range2")).hasValue(341);
    assertThat(table.number("arm_sync_file_range")).hasValue(341);
    assertThat(table.number("seccomp")).hasValue(383);
    assertThat(table.number("futex_time64")).hasValue(422);
    assertThat(table.number("clone3")).hasValue(435);
    assertThat(table.number("set_tls")).hasValue(0x0f0005);
    assertThat(table.name(0x0f0002)).hasValue("cacheflush");
    assertThat(table.number("time")).as("of the old ABI only").isEmpty();
    var folder = Path.of("/usr/arm-linux-gnueabihf/include");
    if (Files.exists(folder)) {
      var header = header("asm/unistd.h", List.of("-nostdinc", "-I" + folder, "-D__ARM_EABI__"));
      assertThat(header).hasSizeGreaterThan(400);
      assertSame(header, table);
    }
  }

  @Test
  void numbersThatPlansUseAreTheSame() {
    for (var arch : Arch.values()) {
      for (var call : Sys.values()) {
        assertThat(SyscallTable.of(arch).number(call.callName()))
            .as(arch + " " + call)
            .hasValue(call.number(arch));
      }
    }
  }

  @Test
  void nameAndNumberAreInverse() {
    for (var arch : Arch.values()) {
      var table = SyscallTable.of(arch);
      int calls = 0;
      for (int number = 0; number <= table.highest(); number++) {
        var name = table.name(number);
        if (name.isPresent()) {
          assertThat(table.number(name.get())).as(arch + " " + name.get()).hasValue(number);
          calls++;
        }
      }
      assertThat(calls).isEqualTo(arch == Arch.X86_64 ? 383 : 325);
    }
  }

  @Test
  void newestCallsOf618HaveTheirNumbers() {
    for (var arch : Arch.values()) {
      var table = SyscallTable.of(arch);
      assertThat(table.number("cachestat")).hasValue(451);
      assertThat(table.number("mseal")).hasValue(462);
      assertThat(table.number("file_setattr")).hasValue(469);
      assertThat(table.highest()).isEqualTo(469);
    }
    assertThat(SyscallTable.of(Arch.X86_64).number("uprobe")).hasValue(336);
    assertThat(SyscallTable.of(Arch.AARCH64).number("uprobe")).isEmpty();
  }

  @Test
  void whatIsNoCallIsNotFound() {
    var table = SyscallTable.of(Arch.X86_64);
    assertThat(table.number("no_such_call")).isEmpty();
    assertThat(table.name(-1)).isEmpty();
    assertThat(table.name(400)).isEmpty();
    assertThat(table.name(470)).isEmpty();
    assertThat(table.name(Integer.MIN_VALUE)).isEmpty();
  }

  private static void assertSame(Map<String, Integer> header, SyscallTable table) {
    header.forEach(
        (name, number) -> assertThat(table.number(name)).as(name).hasValue(number.intValue()));
  }

  /** The calls of a header with their numbers. */
  private static Map<String, Integer> header(String path, List<String> defines) {
    var names = new ArrayList<String>();
    var define = Pattern.compile("#define __NR_([a-z_0-9]+) .*");
    for (var line : preprocess(defines, List.of("-dM"), "#include <" + path + ">\n")) {
      var match = define.matcher(line);
      if (match.matches() && !NO_CALLS.contains(match.group(1))) {
        names.add(match.group(1));
      }
    }
    var source = new StringBuilder("#include <" + path + ">\n");
    names.forEach(name -> source.append("CALL \"" + name + "\" __NR_" + name + "\n"));
    var numbers = new TreeMap<String, Integer>();
    var call = Pattern.compile("CALL \"(.*)\" (?:\\(0 \\+ )?(\\d+)\\)?");
    for (var line : preprocess(defines, List.of("-P"), source.toString())) {
      var match = call.matcher(line);
      if (match.matches()) {
        numbers.put(match.group(1), Integer.valueOf(match.group(2)));
      }
    }
    assertThat(numbers).hasSameSizeAs(names);
    return numbers;
  }

  private static List<String> preprocess(
      List<String> defines, List<String> options, String source) {
    var command = new ArrayList<>(List.of("gcc", "-E"));
    command.addAll(defines);
    command.addAll(options);
    command.add("-");
    try {
      var gcc = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      try (var in = gcc.getOutputStream()) {
        in.write(source.getBytes(StandardCharsets.UTF_8));
      }
      return new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
