package bailey.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ProcParsersTest {
  private static final String STATUS =
      """
      Name:\tbail ey
      Umask:\t0022
      State:\tS (sleeping)
      Tgid:\t42
      Ngid:\t0
      Pid:\t43
      PPid:\t7
      TracerPid:\t0
      Uid:\t1000\t1001\t1002\t4294967294
      Gid:\t100\t101\t102\t103
      FDSize:\t64
      Groups:\t4 24\t
      NStgid:\t42\t2
      NSpid:\t43\t3\t1
      CapInh:\t0000000000000000
      CapPrm:\t000001ffffffffff
      CapEff:\t00000000a80425fb
      CapBnd:\t000001ffffffffff
      CapAmb:\t0000000000000000
      NoNewPrivs:\t1
      Seccomp:\t2
      Seccomp_filters:\t1
      """;

  private static final String STAT =
      "42 (a b) c(d) R 7 41 40 34816 41 4194304 96 0 0 0 0 0 0 0 20 0 1 0 5123 5 6\n";

  private static final String MOUNT =
      "36 35 98:0 /mnt1 /mnt2\\040x rw,noatime master:1 shared:7 - ext3 /dev/root rw,errors=x\n";

  @Test
  void idMap() {
    assertThat(IdMap.parseAll("         0    1000          1\n         1  100000      65536\n"))
        .containsExactly(new IdMap(0, 1000, 1), new IdMap(1, 100_000, 65_536));
    assertThat(IdMap.parseAll("0 0 4294967295\n")).containsExactly(new IdMap(0, 0, 4_294_967_295L));
    assertThat(IdMap.parseAll("")).isEmpty();
    assertThat(IdMap.parseAll("0 0\n0 0 0\n0 x 1\n-1 0 1\n")).isEmpty();
  }

  @Test
  void status() {
    var status = TaskStatus.parse(STATUS).orElseThrow();
    assertThat(status.name()).isEqualTo("bail ey");
    assertThat(status.state()).isEqualTo('S');
    assertThat(status.tgid()).isEqualTo(42);
    assertThat(status.pid()).isEqualTo(43);
    assertThat(status.parent()).isEqualTo(7);
    assertThat(status.uids()).containsExactly(1000L, 1001L, 1002L, 4294967294L);
    assertThat(status.gids()).containsExactly(100L, 101L, 102L, 103L);
    assertThat(status.nsPids()).containsExactly(43, 3, 1);
    assertThat(status.capabilities()).hasSize(5).containsEntry("CapEff", 0xa80425fbL);
    assertThat(status.noNewPrivileges()).isTrue();
    assertThat(status.seccomp()).isEqualTo(2);
  }

  @Test
  void statusOfOldKernelLacksSomeFields() {
    var old = STATUS.replaceAll("(?m)^(NSpid|CapAmb|NoNewPrivs|Seccomp).*\n", "");
    var status = TaskStatus.parse(old).orElseThrow();
    assertThat(status.nsPids()).isEmpty();
    assertThat(status.capabilities()).hasSize(4);
    assertThat(status.noNewPrivileges()).isFalse();
    assertThat(status.seccomp()).isZero();
  }

  @Test
  void statusWithoutIdsIsNone() {
    assertThat(TaskStatus.parse("")).isEmpty();
    assertThat(TaskStatus.parse(STATUS.replace("Uid:\t1000\t", "Uid:\t"))).isEmpty();
    assertThat(TaskStatus.parse(STATUS.replace("Tgid:\t42", "Tgid:\tx"))).isEmpty();
  }

  @Test
  void statWhoseCommandHasBlanksAndParentheses() {
    assertThat(TaskStat.parse(STAT))
        .contains(new TaskStat(42, "a b) c(d", 'R', 7, 41, 40, 34816, 4194304, 0, 5123));
  }

  @Test
  void statTellsWhatATaskIs() {
    var fields = " S 2 0 0 0 -1 2129984 0 0 0 0 0 1 0 0 -51 0 1 0 44".concat(" 0".repeat(18));
    var thread = TaskStat.parse("16 (migration/0)" + fields + " 1 1 0 0 0\n").orElseThrow();
    assertThat(thread.ofKernel()).isTrue();
    assertThat(thread.realTime()).isTrue();
    assertThat(thread.terminal()).isZero();
    assertThat(thread.startTime()).isEqualTo(44);
    var idle = TaskStat.parse("16 (sh)" + fields.replace("2129984", "4194304") + " 0 5 0\n");
    assertThat(idle.orElseThrow().ofKernel()).isFalse();
    assertThat(idle.orElseThrow().realTime()).isFalse();
  }

  @Test
  void memoryOfAProcess() {
    assertThat(ResidentMemory.unshared("RssAnon:\t     100 kB\nRssFile:\t9 kB\nRssShmem:\t 4 kB\n"))
        .isEqualTo(104 * 1024);
    assertThat(ResidentMemory.unshared("Name:\tkthreadd\n")).isZero();
  }

  @Test
  void statCutShortIsNone() {
    assertThat(TaskStat.parse("42 (sh) R 7 41 40 0")).isEmpty();
    assertThat(TaskStat.parse("42 (sh")).isEmpty();
    assertThat(TaskStat.parse("(sh) R")).isEmpty();
  }

  @Test
  void mount() {
    assertThat(MountEntry.parseAll(MOUNT))
        .containsExactly(
            new MountEntry(
                36,
                35,
                "98:0",
                "/mnt1",
                "/mnt2 x",
                List.of("rw", "noatime"),
                List.of("master:1", "shared:7"),
                "ext3",
                "/dev/root",
                List.of("rw", "errors=x")));
  }

  @Test
  void mountWithoutPropagationOrSource() {
    var mount = MountEntry.parse("1 1 0:1 / / rw -  tmpfs rw").map(MountEntry::type);
    assertThat(mount).contains(""); // the type is empty, then, not the source
    var noSource = MountEntry.parse("1 1 0:1 / / rw - tmpfs  rw,x").orElseThrow();
    assertThat(noSource.source()).isEmpty();
    assertThat(noSource.propagation()).isEmpty();
    assertThat(noSource.superOptions()).containsExactly("rw", "x");
  }

  @Test
  void mountEscapes() {
    assertThat(MountEntry.unescape("a\\040b\\011c\\012d\\134e\\043")).isEqualTo("a b\tc\nd\\e#");
    assertThat(MountEntry.unescape("\\04")).isEqualTo("\\04");
    assertThat(MountEntry.unescape("\\999\\")).isEqualTo("\\999\\");
    assertThat(MountEntry.unescape("\\\\040")).isEqualTo("\\ ");
  }

  /** What the kernel's mangle() writes comes back as it was, whatever the name. */
  @Test
  void escapingIsUndone() {
    var random = new Random(RandomText.SEED);
    for (int i = 0; i < 2000; i++) {
      String name = RandomText.of(random, "ab \t\n\\#0174é\udc80");
      var escaped = new StringBuilder();
      for (int k = 0; k < name.length(); k++) {
        char c = name.charAt(k);
        escaped.append(" \t\n\\#".indexOf(c) >= 0 ? String.format("\\%03o", (int) c) : "" + c);
      }
      assertThat(MountEntry.unescape(escaped.toString())).isEqualTo(name);
    }
  }

  @Test
  void cgroups() {
    var membership =
        CgroupMembership.parse(
            """
            12:cpu,cpuacct:/a:b/c
            3:name=systemd:/
            2::/wrong but taken
            0::/user.slice/x (deleted)
            nonsense
            4:memory:relative
            """);
    assertThat(membership.paths())
        .containsOnly(
            Map.entry("cpu", "/a:b/c"),
            Map.entry("cpuacct", "/a:b/c"),
            Map.entry("name=systemd", "/"),
            Map.entry("", "/wrong but taken"));
  }

  @Test
  void namespaceLinks() {
    assertThat(NamespaceLink.parse("net:[4026531840]"))
        .contains(new NamespaceLink("net", 4026531840L));
    assertThat(NamespaceLink.parse("pid_for_children:[1]")).isPresent();
    for (var other : List.of("", "net:[]", "net:[x]", "net:[1", ":[1]", "/a:[1]", "socket:[1] ")) {
      assertThat(NamespaceLink.parse(other)).as(other).isEmpty();
    }
    assertThat(new NamespaceLink("uts", 5)).hasToString("uts:[5]");
  }

  @Test
  void fileSystems() {
    assertThat(FileSystemTypes.parse("nodev\tsysfs\n\text4\nnodev\toverlay\n\n").names())
        .containsExactlyInAnyOrder("sysfs", "ext4", "overlay");
  }

  @Test
  void subordinateIds() {
    assertThat(
            SubordinateIds.parseAll(
                """
                # comment
                me:100000:65536
                1000:200000:1

                you:x:1
                you:1:0
                you:4294967295:4294967295
                """))
        .containsExactly(
            new SubordinateIds("me", 100000, 65536),
            new SubordinateIds("1000", 200000, 1),
            new SubordinateIds("you", 4294967295L, 4294967295L));
  }

  @Test
  void userNames() {
    var text = "root:x:0:0:root:/root:/bin/bash\nbroken:x\nme::1000:1000::/:/bin/sh\n";
    assertThat(UserName.find(text, 0)).contains("root");
    assertThat(UserName.find(text, 1000)).contains("me");
    assertThat(UserName.find(text, 1)).isEmpty();
  }

  @Test
  void auxiliaryVector() {
    var pairs = new byte[40];
    pairs[0] = 3;
    pairs[16] = 6;
    pairs[25] = 0x10; // 4096, little endian
    assertThat(AuxiliaryVector.value(pairs, 6)).isEqualTo(OptionalLong.of(4096));
    assertThat(AuxiliaryVector.value(pairs, 9)).isEmpty();
    assertThat(AuxiliaryVector.pageSize()).isPositive();
  }

  @Test
  void digits() {
    assertThat(Digits.decimal("9223372036854775807")).hasValue(Long.MAX_VALUE);
    for (var none : List.of("", "-1", "+1", " 1", "1 ", "9223372036854775808", "٣", "1e3")) {
      assertThat(Digits.decimal(none)).as(none).isEmpty();
    }
    assertThat(Digits.parse("000001ffffffffff", 16)).hasValue(0x1ffffffffffL);
    assertThat(Digits.small("2147483648")).isEqualTo(-1);
  }

  /** Parsers are total: what they do not understand they leave out. */
  @Test
  void anyTextIsTaken() {
    List<Consumer<String>> parsers =
        List.of(
            TaskStatus::parse,
            TaskStat::parse,
            MountEntry::parseAll,
            CgroupMembership::parse,
            NamespaceLink::parse,
            FileSystemTypes::parse,
            SubordinateIds::parseAll,
            text -> UserName.find(text, 0));
    var random = new Random(RandomText.SEED);
    String alphabet = "0123456789:- \t\n\\()[]/,abSx=\udc80";
    for (int i = 0; i < 5000; i++) {
      String text =
          switch (i % 4) {
            case 0 -> RandomText.of(random, alphabet);
            case 1 -> RandomText.damaged(random, STATUS, alphabet);
            case 2 -> RandomText.damaged(random, STAT, alphabet);
            default -> RandomText.damaged(random, MOUNT, alphabet);
          };
      for (var parser : parsers) {
        assertThatCode(() -> parser.accept(text)).as(text).doesNotThrowAnyException();
      }
    }
  }
}
