package bailey.core.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.kernel.Holding;
import bailey.core.kernel.Holding.Kind;
import bailey.core.kernel.Holding.Place;
import bailey.core.kernel.Holding.Thing;
import bailey.core.kernel.Holdings;
import bailey.core.kernel.SocketInfo;
import bailey.core.spec.NamespaceKind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TiesTest {
  private static final long ETH = 77;
  private static final Holdings.Search NOBODY = new Holdings.Search(List.of(), 0);

  private static Holding open(int number, Thing thing, String name) {
    return new Holding(new Place.Descriptor(number), thing, name, false);
  }

  private static Holding foreign(int number, Thing thing, String name) {
    return new Holding(new Place.Descriptor(number), thing, name, true);
  }

  private static Holding mapped(boolean writable, long inode) {
    return new Holding(
        new Place.Memory(writable), new Thing(Kind.FILE, 1, inode), "/dev/zero (deleted)", false);
  }

  private static Holdings process(long pid, Holding... held) {
    return new Holdings(pid, "p" + pid, 0, Arrays.asList(held));
  }

  private static Members members(List<SocketInfo> sockets, Holdings... processes) {
    return new Members(
        List.of(processes),
        Set.copyOf(Stream.of(processes).map(Holdings::pid).toList()),
        Map.of(NamespaceKind.NET, Map.of(ETH, processes[0].pid())),
        sockets,
        Set.of(30L));
  }

  private static List<String> ties(Members members, Holdings... others) {
    return Ties.of(members, new Holdings.Search(List.of(others), 0), Map.of()).stream()
        .map(tie -> tie.pid() + " " + tie.what())
        .toList();
  }

  private static SocketInfo tcp(long inode, String local, String remote) {
    return new SocketInfo(inode, "tcp", local, remote, OptionalLong.empty());
  }

  private static SocketInfo unix(long inode, long peer) {
    return new SocketInfo(inode, "unix", "", "", OptionalLong.of(peer));
  }

  @Test
  void whatIsInsideTiesNothing() {
    var pipe = Thing.of(Kind.PIPE, 5);
    var all =
        members(
            List.of(
                unix(8, 9),
                unix(9, 8),
                tcp(20, "127.0.0.1:80", "127.0.0.1:4000"),
                tcp(21, "127.0.0.1:4000", "127.0.0.1:80"),
                tcp(22, "0.0.0.0:80", "")),
            process(
                1,
                open(0, new Thing(Kind.DEVICE, 0, 1L << 32 | 3), "/dev/null"),
                open(1, pipe, "pipe:[5]"),
                open(3, Thing.of(Kind.SOCKET, 8), "socket:[8]"),
                open(4, Thing.of(Kind.TERMINAL_MASTER, 0), "/dev/ptmx"),
                open(5, Thing.of(Kind.WAITER, 0), "anon_inode:[eventpoll]"),
                open(6, new Thing(Kind.FILE, 1, 3), "/etc/passwd"),
                open(7, Thing.of(Kind.NAMESPACE, ETH), "net:[77]"),
                open(8, Thing.of(Kind.PROCESS, 2), "anon_inode:[pidfd]"),
                open(9, Thing.of(Kind.PROCESS, 0), "anon_inode:[pidfd]"),
                open(10, Thing.of(Kind.SOCKET, 20), "socket:[20]"),
                open(11, Thing.of(Kind.SOCKET, 22), "socket:[22]"),
                mapped(true, 4)),
            process(
                2,
                open(0, pipe, "pipe:[5]"),
                open(3, Thing.of(Kind.SOCKET, 9), "socket:[9]"),
                open(4, new Thing(Kind.TERMINAL, 1, 0), "/dev/pts/0"),
                open(10, Thing.of(Kind.SOCKET, 21), "socket:[21]"),
                mapped(true, 4)));
    assertThat(ties(all)).isEmpty();
  }

  @Test
  void pipesCountersAndFilesInMemory() {
    var pipe = Thing.of(Kind.PIPE, 5);
    var fifo = new Thing(Kind.FIFO, 3, 5);
    var memory = new Thing(Kind.MEMORY_FILE, 1, 9);
    var counter = Thing.of(Kind.COUNTER, 2);
    var all =
        members(
            List.of(),
            process(
                1,
                open(1, pipe, "pipe:[5]"),
                open(2, fifo, "/run/f"),
                open(3, memory, "/memfd:m (deleted)"),
                open(4, counter, "anon_inode:[eventfd]")));
    assertThat(all.wanted()).containsExactlyInAnyOrder(pipe, fifo, memory, counter);
    assertThat(
            ties(
                all,
                process(7, open(0, pipe, "pipe:[5]")),
                process(8, open(0, fifo, "/f"), open(1, memory, "m"), open(2, counter, "e")),
                process(9, open(0, pipe, "pipe:[5]")),
                process(10, open(0, pipe, "pipe:[5]"))))
        .containsExactly(
            "1 descriptor 1 is pipe:[5], also held by 7 (p7), 9 (p9) and 1 more",
            "1 descriptor 2 is /run/f, also held by 8 (p8)",
            "1 descriptor 3 is /memfd:m (deleted), also held by 8 (p8)",
            "1 descriptor 4 is anon_inode:[eventfd], also held by 8 (p8)");
  }

  @Test
  void sockets() {
    var own = Thing.of(Kind.SOCKET, 8);
    var peer = Thing.of(Kind.SOCKET, 9);
    var all =
        members(
            List.of(
                unix(8, 9), unix(10, 11), unix(12, -1), tcp(20, "10.0.0.2:5000", "10.0.0.1:80")),
            process(
                1,
                open(3, own, "socket:[8]"),
                open(4, Thing.of(Kind.SOCKET, 10), "socket:[10]"),
                open(5, Thing.of(Kind.SOCKET, 20), "socket:[20]"),
                open(6, Thing.of(Kind.SOCKET, 30), "socket:[30]"),
                open(7, Thing.of(Kind.SOCKET, 31), "socket:[31]"),
                open(8, Thing.of(Kind.SOCKET, 12), "socket:[12]")));
    assertThat(all.wanted()).contains(peer, Thing.of(Kind.SOCKET, 11));
    assertThat(ties(all, process(5, open(3, peer, "socket:[9]"))))
        .containsExactly(
            "1 descriptor 3 is socket:[8], whose other end is held by 5 (p5)",
            "1 descriptor 4 is socket:[10], whose other end is outside",
            "1 descriptor 5 is tcp to 10.0.0.1:80, which is outside",
            "1 descriptor 6 is socket:[30] of the machine's network namespace",
            "1 descriptor 8 is socket:[12], whose other end cannot be told");
  }

  /** A connection that nobody has accepted yet has no descriptor. */
  @Test
  void aConnectionThatWaits() {
    var all =
        members(
            List.of(
                tcp(20, "127.0.0.1:4000", "127.0.0.1:80"),
                tcp(0, "127.0.0.1:80", "127.0.0.1:4000")),
            process(1, open(3, Thing.of(Kind.SOCKET, 20), "socket:[20]")));
    assertThat(ties(all)).isEmpty();
  }

  @Test
  void memory() {
    var all = members(List.of(), process(1, mapped(false, 4), mapped(true, 5), mapped(false, 6)));
    var other = process(7, mapped(false, 4), mapped(false, 5), mapped(true, 6));
    assertThat(ties(all, other)) // nobody can change what both only read
        .containsExactly(
            "1 shares memory of /dev/zero (deleted) with 7 (p7)",
            "1 shares memory of /dev/zero (deleted) with 7 (p7)");
  }

  @Test
  void whatComesFromOutside() {
    var all =
        members(
            List.of(),
            process(
                1,
                foreign(0, new Thing(Kind.TERMINAL, 2, 4), "/dev/pts/4"),
                open(1, new Thing(Kind.TERMINAL, 2, 5), "/dev/pts/5"),
                foreign(2, new Thing(Kind.FILE, 1, 3), "/var/log/x"),
                open(3, new Thing(Kind.DEVICE, 0, 10L << 32 | 229), "/dev/fuse"),
                open(4, new Thing(Kind.DEVICE, 1, 8L << 32), "/dev/sda"),
                open(5, Thing.of(Kind.NAMESPACE, 99), "net:[99]"),
                open(6, Thing.of(Kind.PROCESS, 12), "anon_inode:[pidfd]"),
                open(7, Thing.of(Kind.OTHER, 0), "anon_inode:[io_uring]"),
                foreign(8, new Thing(Kind.DEVICE, 0, 1L << 32 | 3), "/dev/null"),
                new Holding(new Place.Directory(), new Thing(Kind.FILE, 1, 2), "/root", true)));
    assertThat(ties(all))
        .containsExactly(
            "1 descriptor 0 is /dev/pts/4, whose other side is outside",
            "1 descriptor 1 is /dev/pts/5, whose other side is outside",
            "1 descriptor 2 is /var/log/x on a mount that is not its container's",
            "1 descriptor 3 is the device /dev/fuse (c 10:229)",
            "1 descriptor 4 is the device /dev/sda (b 8:0)",
            "1 descriptor 5 is net:[99], in which no process of it is",
            "1 descriptor 6 is process 12, which is outside",
            "1 descriptor 7 is anon_inode:[io_uring], which cannot be saved",
            "1 the working directory is on a mount that is not its container's: /root");
  }

  @Test
  void namespacesAndTracers() {
    var traced = new Holdings(1, "p1", 40, List.of());
    var tracer = new Holdings(2, "p2", 1, List.of()); // by one inside
    var all =
        new Members(
            List.of(traced, tracer),
            Set.of(1L, 2L),
            Map.of(
                NamespaceKind.NET, Map.of(ETH, 1L),
                NamespaceKind.UTS, Map.of(5L, 2L),
                NamespaceKind.USER, Map.of(6L, 1L)),
            List.of(),
            Set.of());
    var neighbours =
        Map.of(
            NamespaceKind.NET, Map.of(ETH, List.of("9 (dhcp)")),
            NamespaceKind.USER, Map.of(6L, List.of("the machine")));
    assertThat(Ties.of(all, NOBODY, neighbours))
        .containsExactly(
            new Tie(Tie.Kind.NAMESPACE, 1, "p1", "is in the net namespace of 9 (dhcp)"),
            new Tie(Tie.Kind.TRACER, 1, "p1", "is traced by 40"));
  }

  /** Nothing is guessed: what cannot be seen is said. */
  @Test
  void whatMayNotBeLookedAt() {
    var all = new Members(List.of(), Set.of(3L), Map.of(), List.of(), Set.of());
    assertThat(Ties.of(all, new Holdings.Search(List.of(), 12), Map.of()))
        .extracting(Tie::kind)
        .containsExactly(Tie.Kind.UNSEEN, Tie.Kind.UNSEEN);
  }
}
