package bailey.containerfs.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import bailey.containerfs.fake.FakeTree;
import bailey.containerfs.tree.Folder;
import bailey.containerfs.tree.Node;
import bailey.core.abi.Errno;
import bailey.core.kernel.FileWatching;
import bailey.core.plan.Step;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {
  private static final int LOOKUP = 1;
  private static final int MKDIR = 9;
  private static final int RMDIR = 11;
  private static final int OPEN = 14;
  private static final int READ = 15;
  private static final int WRITE = 16;
  private static final int STATFS = 17;
  private static final int FLUSH = 25;
  private static final int OPENDIR = 27;
  private static final int READDIR = 28;
  private static final int INTERRUPT = 36;

  @RegisterExtension final FakeTree machine = new FakeTree();

  private final FakeChannel channel = new FakeChannel();
  private long unique = 2;

  private @Nullable Session session;

  @BeforeEach
  void start() {
    var fresh = new Session(channel, machine.tree(), 100, FileWatching.NONE);
    fresh.start();
    session = fresh;
  }

  /** Whatever was begun is ended, before the machine is looked at. */
  @AfterEach
  void end() throws InterruptedException {
    channel.close();
    requireNonNull(session).await();
  }

  private ByteBuffer ask(int opcode, long node, int body) {
    unique += 2;
    return FakeChannel.request(opcode, unique, node, body);
  }

  private ByteBuffer answer(ByteBuffer request) throws InterruptedException {
    channel.ask(request);
    var answer = channel.answer();
    assertThat(answer.getLong(8)).isEqualTo(request.getLong(8));
    return answer;
  }

  private static int errno(ByteBuffer answer) {
    return -answer.getInt(4);
  }

  private long node(String path) {
    Node at = machine.tree().top();
    for (var name : path.split("/", -1)) {
      at = ((Folder) at).lookup(name).orElseThrow();
    }
    return at.id();
  }

  private long open(String path, int flags) throws InterruptedException {
    var request = ask(OPEN, node(path), 8);
    request.putInt(40, flags);
    var opened = answer(request);
    assertThat(errno(opened)).isZero();
    return opened.getLong(16);
  }

  private String read(String path, long handle, long offset, int size) throws InterruptedException {
    var request = ask(READ, node(path), 40);
    request.putLong(40, handle).putLong(48, offset).putInt(56, size);
    var answer = answer(request);
    assertThat(errno(answer)).isZero();
    var bytes = new byte[answer.limit() - 16];
    answer.get(16, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private int write(String path, long handle, long offset, String text)
      throws InterruptedException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var request = ask(WRITE, node(path), 40 + bytes.length);
    request.putLong(40, handle).putLong(48, offset).putInt(56, bytes.length).put(80, bytes);
    return errno(answer(request));
  }

  private int flush(String path, long handle) throws InterruptedException {
    var request = ask(FLUSH, node(path), 24);
    request.putLong(40, handle);
    return errno(answer(request));
  }

  private void make(String name) {
    var _ = ((Folder) machine.tree().node(node("default"))).make(name);
  }

  @Test
  void afterFaultsOthersAreServed() throws InterruptedException {
    var reported = new CountDownLatch(10);
    var before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((_, _) -> reported.countDown());
    try {
      channel.failWrites(10);
      for (int i = 0; i < 10; i++) {
        channel.ask(ask(STATFS, 1, 0));
      }
      reported.await();
      assertThat(errno(answer(ask(STATFS, 1, 0)))).isZero();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  @Test
  void aValueIsTakenAtTheEndOfItsLine() throws InterruptedException {
    make("web");
    var file = "default/web/memory.max";
    long handle = open(file, 1);
    assertThat(write(file, handle, 0, "6")).isZero();
    assertThat(write(file, handle, 1, "4")).isZero();
    assertThat(machine.system().container("web").get("memory.max")).isEqualTo("max");
    assertThat(write(file, handle, 2, "M\n")).isZero();
    assertThat(machine.system().container("web").get("memory.max")).isEqualTo("67108864");
  }

  @Test
  void orWhenItIsClosed() throws InterruptedException {
    make("web");
    var file = "default/web/pids.max";
    long handle = open(file, 1);
    assertThat(write(file, handle, 0, "30")).isZero();
    assertThat(machine.system().container("web").get("pids.max")).isEqualTo("max");
    assertThat(flush(file, handle)).isZero();
    assertThat(machine.system().container("web").get("pids.max")).isEqualTo("30");
    assertThat(write(file, handle, 0, "few")).isZero();
    assertThat(flush(file, handle)).isEqualTo(Errno.EINVAL.number());
    assertThat(write(file, handle, 0, "few\n")).isEqualTo(Errno.EINVAL.number());
    assertThat(flush(file, handle)).as("told once").isZero();
  }

  @Test
  void whatIsReadIsOfOneMoment() throws InterruptedException {
    make("web");
    var file = "default/web/memory.max";
    long handle = open(file, 0);
    assertThat(read(file, handle, 0, 2)).isEqualTo("ma");
    machine.system().container("web").set("memory.max", "64M");
    assertThat(read(file, handle, 2, 100)).isEqualTo("x\n");
    assertThat(read(file, handle, 4, 100)).isEmpty();
    assertThat(read(file, handle, 0, 100)).as("from the start: now").isEqualTo("67108864\n");
  }

  @Test
  void aHandleOfAServerBeforeIsKnown() throws InterruptedException {
    make("web");
    assertThat(read("default/web/memory.max", 7, 0, 100)).isEqualTo("max\n");
    assertThat(write("default/web/memory.max", 8, 0, "32M\n")).isZero();
    assertThat(machine.system().container("web").get("memory.max")).isEqualTo("33554432");
  }

  @Test
  void aDirectoryIsListedInParts() throws InterruptedException {
    for (int i = 0; i < 50; i++) {
      make("c" + i);
    }
    long directory = node("default");
    long handle = answer(ask(OPENDIR, directory, 8)).getLong(16);
    var names = new ArrayList<String>();
    long offset = 0;
    while (true) {
      var request = ask(READDIR, directory, 40);
      request.putLong(40, handle).putLong(48, offset).putInt(56, 200);
      var answer = answer(request);
      if (answer.limit() == 16) {
        break;
      }
      for (int at = 16; at < answer.limit(); ) {
        offset = answer.getLong(at + 8);
        var name = new byte[answer.getInt(at + 16)];
        answer.get(at + 24, name);
        names.add(new String(name, StandardCharsets.UTF_8));
        at += (24 + name.length + 7) & ~7;
      }
    }
    assertThat(names).contains(".", "..", "subsystems", "c0", "c49").doesNotHaveDuplicates();
    assertThat(names).hasSize(2 + 3 + 50);
  }

  @Test
  void whatIsNotServedIsRefused() throws InterruptedException {
    for (int opcode : List.of(6, 8, 10, 12, 13, 35, 45)) {
      assertThat(errno(answer(ask(opcode, 1, 64))))
          .as("opcode %d", opcode)
          .isEqualTo(Errno.EPERM.number());
    }
    assertThat(errno(answer(ask(22, 1, 64)))).isEqualTo(Errno.ENOSYS.number());
    assertThat(errno(answer(ask(4000, 1, 64)))).isEqualTo(Errno.ENOSYS.number());
    assertThat(errno(answer(ask(OPEN, 1, 0)))).isEqualTo(Errno.EINVAL.number());
    assertThat(errno(answer(ask(OPEN, 1, 8)))).isEqualTo(Errno.EISDIR.number());
    assertThat(errno(answer(ask(STATFS, 1, 0)))).isZero();
  }

  @Test
  void aHandlerThatBlocksBlocksNobodyElse() throws InterruptedException {
    var begun = new CountDownLatch(8);
    var free = new CountDownLatch(1);
    machine.kernel().refuse(step -> blocks(step, begun, free), Errno.EPERM);
    byte[] name = {'w', 0};
    for (int i = 0; i < 8; i++) {
      var request = ask(MKDIR, node("default"), 8 + name.length);
      name[0]++;
      request.put(48, name);
      channel.ask(request);
    }
    // one plan at a time is in the fake machine; the others wait for it
    begun.await();
    assertThat(errno(answer(ask(STATFS, 1, 0)))).isZero();
    free.countDown();
    for (int i = 0; i < 8; i++) {
      assertThat(errno(channel.answer())).isZero();
    }
  }

  private static boolean blocks(Step step, CountDownLatch begun, CountDownLatch free) {
    if (step.note().what().startsWith("taking the name ")) {
      for (long i = begun.getCount(); i > 0; i--) {
        begun.countDown();
      }
      try {
        free.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return false;
  }

  @Test
  void whoIsInterruptedIsToldSo() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var free = new CountDownLatch(1);
    machine.kernel().refuse(step -> blocks(step, begun, free), Errno.EPERM);
    var mkdir = ask(MKDIR, node("default"), 10);
    mkdir.put(48, new byte[] {'w', 0});
    channel.ask(mkdir);
    begun.await();
    var interrupt = ask(INTERRUPT, 0, 8);
    interrupt.putLong(40, mkdir.getLong(8));
    channel.ask(interrupt);
    var answer = channel.answer();
    assertThat(answer.getLong(8)).isEqualTo(mkdir.getLong(8));
    assertThat(errno(answer)).isEqualTo(Errno.EINTR.number());
    free.countDown();
    var unknown = ask(INTERRUPT, 0, 8);
    unknown.putLong(40, 9999);
    assertThat(errno(answer(unknown))).isEqualTo(Errno.EAGAIN.number());
    assertThat(errno(answer(lookup("default")))).as("nothing is answered twice").isZero();
  }

  private ByteBuffer lookup(String name) {
    byte[] bytes = (name + "\0").getBytes(StandardCharsets.UTF_8);
    var request = ask(LOOKUP, 1, bytes.length);
    return request.put(40, bytes);
  }

  /** A server that dies in the middle, and the one after it, which is asked again. */
  private FakeChannel next(Path requests) {
    var channel = new FakeChannel();
    new Session(channel, machine.tree(), 1000, FileWatching.NONE, requests).start();
    return channel;
  }

  private static ByteBuffer again(ByteBuffer request) {
    return request.putLong(8, request.getLong(8) | 1L << 63);
  }

  private ByteBuffer mkdir(String name) {
    byte[] bytes = (name + "\0").getBytes(StandardCharsets.UTF_8);
    return ask(MKDIR, node("default"), 8 + bytes.length).put(48, bytes);
  }

  private ByteBuffer rmdir(String name) {
    byte[] bytes = (name + "\0").getBytes(StandardCharsets.UTF_8);
    return ask(RMDIR, node("default"), bytes.length).put(40, bytes);
  }

  @Test
  void whatWasBegunBeforeIsNotDoneTwice(@TempDir Path folder) throws InterruptedException {
    var requests = folder.resolve("requests");
    var before = Ledger.of(requests);
    var made = mkdir("made");
    make("made");
    assertThat(before.begin(made.getLong(8))).isNotNegative();
    var gone = rmdir("gone");
    assertThat(before.begin(gone.getLong(8))).isNotNegative();
    var refused = mkdir("refused");
    before.done(before.begin(refused.getLong(8)), Errno.ENOSPC.number());
    var fresh = mkdir("fresh");
    var answered = mkdir("answered");
    before.answered(before.begin(answered.getLong(8)));
    var taken = next(requests);
    for (var request : List.of(made, gone, fresh)) {
      taken.ask(again(request));
      var answer = taken.answer();
      assertThat(answer.getLong(8)).isEqualTo(request.getLong(8));
      assertThat(errno(answer)).isZero();
    }
    taken.ask(again(refused));
    assertThat(errno(taken.answer())).isEqualTo(Errno.ENOSPC.number());
    assertThat(machine.system().find("refused")).isEmpty();
    assertThat(machine.system().find("fresh")).isPresent();
    taken.ask(mkdir("made"));
    assertThat(errno(taken.answer())).as("another request").isEqualTo(Errno.EEXIST.number());
    taken.close();
  }

  @Test
  void halfAValueIsLostWithItsServer(@TempDir Path folder) throws InterruptedException {
    make("web");
    var requests = folder.resolve("requests");
    var before = Ledger.of(requests);
    assertThat(before.hold(77)).isNotNegative();
    assertThat(before.hold(78)).isNotNegative();
    var taken = next(requests);
    var write = ask(WRITE, node("default/web/memory.max"), 42);
    write.putLong(40, 77).putLong(48, 2).putInt(56, 2).put(80, new byte[] {'M', '\n'});
    taken.ask(write);
    assertThat(errno(taken.answer())).isEqualTo(Errno.EIO.number());
    var flush = ask(FLUSH, node("default/web/memory.max"), 24);
    flush.putLong(40, 78);
    taken.ask(flush);
    assertThat(errno(taken.answer())).isEqualTo(Errno.EIO.number());
    taken.ask(flush);
    assertThat(errno(taken.answer())).as("told once").isZero();
    assertThat(machine.system().container("web").get("memory.max")).isEqualTo("max");
    taken.close();
  }
}
