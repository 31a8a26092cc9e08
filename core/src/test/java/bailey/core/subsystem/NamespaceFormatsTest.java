package bailey.core.subsystem;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.container.Amount;
import bailey.core.container.NumberSet;
import bailey.core.container.Numbers;
import bailey.core.container.ValueFormat;
import bailey.core.error.BadRequest;
import bailey.core.planner.NamespaceFilePlanner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written to control files of namespaces, and what the kernel's texts mean. */
class NamespaceFormatsTest {
  private static final long SEED = 20_070_416;

  @ParameterizedTest
  @CsvSource({
    "0,0,b 0 0",
    "86400,86400,b 86400 0",
    "1.5,1.5,b 1 500000000",
    "1.500000000,1.5,b 1 500000000",
    "-1.5,-1.5,b -2 500000000",
    "-0.000000001,-0.000000001,b -1 999999999",
    "-0,0,b 0 0",
    "007,7,b 7 0",
  })
  void secondsAreLinesForTheKernelAndBack(String text, String canonical, String line) {
    assertThat(new Seconds().canonical("time.boottime", text)).isEqualTo(canonical);
    assertThat(Seconds.line("b", canonical)).isEqualTo(line + "\n");
    assertThat(Seconds.offset("a  7  7\n" + line.replace(" ", "    ") + "\n", "b"))
        .isEqualTo(canonical);
  }

  @Test
  void anySecondsComeBack() {
    var random = new Random(SEED);
    for (int i = 0; i < 2000; i++) {
      long seconds = random.nextLong(4_000_000_000L);
      var text = (random.nextBoolean() ? "-" : "") + seconds + "." + random.nextInt(1_000_000_000);
      var canonical = new Seconds().canonical("t", text);
      assertThat(Seconds.offset(Seconds.line("b", canonical), "b")).as(text).isEqualTo(canonical);
      assertThat(new Seconds().canonical("t", canonical)).isEqualTo(canonical);
    }
  }

  private static void refuses(ValueFormat format, String... wrong) {
    for (var text : wrong) {
      assertThatThrownBy(() -> format.canonical("x.y", text))
          .as(text)
          .isInstanceOf(BadRequest.class)
          .hasMessageStartingWith("x.y: ")
          .hasMessageContaining("; write ");
    }
  }

  @Test
  void whatIsNoneIsRefused() {
    refuses(new Seconds(), "", "-", "1.", ".5", "1e3", "1.0000000001", "99999999999", "+1", "1 ");
    refuses(new Seconds(), "4611686019");
    var pair = new Numbers(List.of("first", "last"), List.of(9L, 99L), "1 2");
    refuses(pair, "", "1", "1 2 3", "1 a", "10 1", "1 100", "-1 1", " 1 2");
    refuses(new KernelLine(), "", " ", "a\nb", "\u00e9", "a".repeat(1025), "\0");
    refuses(new MountSwitch(), "", "/a", "a on", "/a ON", "/a/ on", "/a//b on", "/./a on");
    refuses(new MountSwitch(), "/dev/pts off", "/proc on", "/a\tb on", " on", "on");
  }

  @Test
  void whatIsOneIsTaken() {
    assertThat(new Numbers(List.of("a", "b"), List.of(9L, 99L), "1 2").canonical("x.y", "01\t 2"))
        .isEqualTo("1 2");
    assertThat(new KernelLine().canonical("x.y", " 4096\t16384   6291456\n"))
        .isEqualTo("4096 16384 6291456");
    assertThat(MountSwitch.asked(new MountSwitch().canonical("x.y", "/a b off")))
        .isEqualTo(new MountSwitch.Asked("/a b", false));
    assertThat(MountSwitch.asked(new MountSwitch().canonical("x.y", "/ on")))
        .isEqualTo(new MountSwitch.Asked("/", true));
    assertThat(new MountSwitch().canonical("x.y", "/process on")).isEqualTo("/process on");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "memory.max  | 5               | 7               | 5",
        "memory.max  | max             | 7               | 7",
        "pids.max    | max             | max             | max",
        "cpu.max     | 50000 100000    | 30000 50000     | 50000 100000",
        "cpu.max     | max 100000      | 30000 50000     | 30000 50000",
        "cpuset.cpus | 0-3             | 2-5             | 2-3",
        "cpuset.cpus | 0-1             | 4               | 0-1",
        "ipc.sem     | 1 9 3 4         | 5 6 7 8         | 1 6 3 4",
        "io.max      | 8:0 rbps=5 wbps=max riops=9 wiops=max | 8:0 rbps=7 wbps=8 riops=max"
            + " wiops=max | 8:0 rbps=5 wbps=8 riops=9 wiops=max",
      })
  void theLowerOfTwoLimitsHolds(String control, String a, String b, String lower) {
    var file = Subsystems.standard().find(control).file();
    assertThat(file.isLimit()).isTrue();
    assertThat(file.format().lower(a, b)).contains(lower);
  }

  @Test
  void everyLimitCanBeComparedAndNothingElseClaimsTo() {
    for (var subsystem : Subsystems.standard().all()) {
      for (var file : subsystem.controlFiles()) {
        if (file.isLimit()) {
          assertThat(file.external().writable()).as(file.name()).isTrue();
          assertThat(file.format())
              .isInstanceOfAny(
                  Amount.class,
                  NumberSet.class,
                  Numbers.class,
                  CpuBandwidth.class,
                  DeviceLimits.class);
        }
      }
    }
    assertThat(new KernelLine().lower("1", "2")).isEmpty();
  }

  @Test
  void mountsAreListed() {
    var text =
        """
        22 1 0:20 / / rw,relatime - overlay overlay rw,lowerdir=x
        23 22 0:21 / /proc rw,nosuid shared:5 - proc proc rw
        24 22 8:1 /home/a\\040b /data ro,nosuid - ext4 /dev/sda1 rw
        25 22 0:9 / /data rw - tmpfs none rw
        26 22 0:9 / /usr ro shared:1 master:2 - tmpfs none rw
        27 22 0:9 / cut
        """;
    assertThat(MountTable.list(text))
        .isEqualTo(
            """
            / overlay rw overlay
            /proc proc rw proc
            /data ext4 ro /dev/sda1[/home/a\\040b]
            /data tmpfs rw none
            /usr tmpfs ro none\
            """);
    assertThat(MountTable.readOnly(text)).isEqualTo("/usr");
    assertThat(MountTable.list("")).isEmpty();
  }

  @Test
  void idsAreRangesThatDoNotMeet() {
    var ids = new IdRanges();
    assertThat(ids.canonical("x.y", "0 200000 65536")).isEqualTo("0 200000 65536");
    assertThat(ids.canonical("x.y", " 1  300000\t10 , 0 5 1")).isEqualTo("1 300000 10\n0 5 1");
    assertThat(ids.canonical("x.y", "0 2147483646 2")).isEqualTo("0 2147483646 2");
    assertThat(IdRanges.ranges("1 300000 10\n0 5 1"))
        .containsExactly(new IdRanges.Range(1, 300_000, 10), new IdRanges.Range(0, 5, 1));
    refuses(
        ids,
        "",
        "0 1",
        "0 1 0",
        "0 -1 1",
        "1 1 1",
        "0 1 2,1 9 1",
        "0 1 2,2 2 1",
        "0 2147483647 2",
        "0 0 9999999999",
        "0 1 1,",
        String.join(",", Collections.nCopies(341, "0 1 1")));
    var many = IntStream.range(0, 341).mapToObj(i -> i + " " + (1000 + i) + " 1").toList();
    refuses(ids, String.join(",", many));
    assertThat(ids.canonical("x.y", String.join(",", many.subList(0, 340)))).endsWith("339 1339 1");
  }

  @Test
  void whatWasCutShortIsShownSo() {
    var whole = "30 29 0:27 / /a ro - tmpfs bailey rw\n";
    var cut = (whole + "31 29 0:28 / /b ro - tm" + new String(MountTable.more(), US_ASCII)).strip();
    assertThat(MountTable.list(cut)).isEqualTo("/a tmpfs ro bailey\n...");
    assertThat(MountTable.readOnly(cut)).isEqualTo("/a\n...");
    assertThat(MountTable.list(whole)).isEqualTo("/a tmpfs ro bailey");
    assertThat(NetworkDump.interfaces(NetworkDump.more())).isEqualTo("...");
  }

  @Test
  void theRootOfGroupsIsWhatBothPathsDoNotShare() {
    assertThat(
            CgroupRoots.of(
                "12:pids:/bailey/c-a/b\n4:cpu,cpuacct:/bailey/c-a\n0::/bailey/c-a\n1:x:/c\n",
                "12:pids:/b\n4:cpu,cpuacct:/\n0::/\n1:x:/../c\n"))
        .isEqualTo("cgroup2: /bailey/c-a\ncpu,cpuacct: /bailey/c-a\npids: /bailey/c-a\nx: /?");
    assertThat(CgroupRoots.of("0::/a\n", "0::/x/y/z\n")).isEqualTo("cgroup2: ?");
    assertThat(CgroupRoots.of("", "")).isEmpty();
  }

  private static byte[] message(int type, byte[] body) {
    var message = ByteBuffer.allocate(16 + body.length).order(ByteOrder.LITTLE_ENDIAN);
    return message
        .putInt(16 + body.length)
        .putShort((short) type)
        .putShort((short) 2)
        .putLong(0)
        .put(body)
        .array();
  }

  private static byte[] link(int index, int flags, String name) {
    var body = ByteBuffer.allocate(16 + 8 + 8).order(ByteOrder.LITTLE_ENDIAN);
    body.putInt(0).putInt(index).putInt(flags).putInt(0);
    body.putShort((short) 8).putShort((short) 4).putInt(1500); // IFLA_MTU
    body.putShort((short) (5 + name.length())).putShort((short) 3);
    body.put(name.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    return message(16, body.array());
  }

  private static byte[] address(int index, int bits, byte[] address) {
    var body = ByteBuffer.allocate(8 + 4 + address.length).order(ByteOrder.LITTLE_ENDIAN);
    body.put((byte) 0).put((byte) bits).putShort((short) 0).putInt(index);
    body.putShort((short) (4 + address.length)).putShort((short) 1).put(address);
    return message(20, body.array());
  }

  private static byte[] join(byte[]... parts) {
    var all = new java.io.ByteArrayOutputStream();
    for (var part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] ip6(int... groups) {
    var address = ByteBuffer.allocate(16);
    for (int group : groups) {
      address.putShort((short) group);
    }
    return address.array();
  }

  @Test
  void interfacesAndTheirAddresses() {
    assertThat(
            NetworkDump.interfaces(
                join(
                    link(1, 1, "lo"),
                    link(7, 0x1002, "a"),
                    message(3, new byte[4]), // NLMSG_DONE
                    address(1, 8, new byte[] {127, 0, 0, 1}),
                    address(1, 128, ip6(0, 0, 0, 0, 0, 0, 0, 1)),
                    address(7, 64, ip6(0xfe80, 0, 0, 0x10, 0, 0, 0, 0x1a)),
                    address(7, 64, ip6(1, 2, 3, 4, 5, 6, 7, 0)),
                    address(9, 8, new byte[] {10, 0, 0, 1}))))
        .isEqualTo("lo up 127.0.0.1/8 ::1/128\na down fe80:0:0:10::1a/64 1:2:3:4:5:6:7:0/64");
  }

  @Test
  void anyAnswersCanBeRead() {
    var random = new Random(SEED);
    var whole = join(link(1, 1, "lo"), address(1, 8, new byte[] {127, 0, 0, 1}));
    for (int i = 0; i < 5000; i++) {
      var bytes = whole.clone();
      for (int n = random.nextInt(6); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      var cut = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      assertThat(NetworkDump.interfaces(cut)).isNotNull();
    }
  }

  @Test
  void textsOfBothSidesAreTakenApart() {
    var sources =
        List.<NamespaceSource>of(
            NamespaceSource.Sysctl.same("a"),
            new NamespaceSource.OfProcess("m", text -> "<" + text + ">"),
            new NamespaceSource.OfProcessOnBothSides("c", (out, in) -> out + "|" + in),
            NamespaceSource.Sysctl.same("b"));
    var bytes =
        "mount\n\0outside\0A\n\0inside\0\0".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThat(NamespaceFilePlanner.values(sources, bytes))
        .containsExactly(
            Optional.of("A"),
            Optional.of("<mount>"),
            Optional.of("outside|inside"),
            Optional.empty());
    assertThat(NamespaceFilePlanner.values(sources, new byte[0])).containsOnly(Optional.empty());
  }
}
