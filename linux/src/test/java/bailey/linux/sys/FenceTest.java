package bailey.linux.sys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Errno;
import bailey.core.abi.Sys;
import bailey.linux.exec.DescriptorStreams;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FenceTest {
  private int open;

  @BeforeEach
  void count() throws SystemCallRefused {
    SystemCall.checked(Sys.GETPID, 0, 0); // opens whatever the fence needs
    open = descriptors();
  }

  @AfterEach
  void nothingLeaks() {
    assertThat(descriptors()).isEqualTo(open);
  }

  private static int descriptors() {
    var names = new File("/proc/self/fd").list();
    assertThat(names).isNotNull();
    return names.length;
  }

  @Test
  void resultsAndErrors() throws SystemCallRefused {
    assertThat(SystemCall.checked(Sys.GETPID, 0, 0)).isEqualTo(ProcessHandle.current().pid());
    assertThat(SystemCall.call(Sys.CLOSE, 1_000_000)).isEqualTo(-Errno.EBADF.number());
    assertThatThrownBy(() -> SystemCall.checked(Sys.FCHDIR, 1_000_000, 0))
        .isInstanceOfSatisfying(
            SystemCallRefused.class,
            e -> {
              assertThat(e.call()).isEqualTo(Sys.FCHDIR);
              assertThat(e.is(Errno.EBADF)).isTrue();
            })
        .hasMessage("fchdir failed: EBADF (bad file descriptor)");
  }

  @Test
  void errnoIsOfTheThread() throws InterruptedException {
    var wrong = new boolean[1];
    var other =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < 10_000; i++) {
                    wrong[0] |= SystemCall.call(Sys.CLOSE, 1_000_000) != -Errno.EBADF.number();
                  }
                });
    for (int i = 0; i < 10_000; i++) {
      assertThat(SystemCall.call(Sys.KILL, 0, 1000, 0)).isEqualTo(-Errno.EINVAL.number());
    }
    other.join();
    assertThat(wrong[0]).isFalse();
  }

  @Test
  void ownershipOfADescriptor() throws SystemCallRefused {
    var pipe = PipeEnds.open();
    int number = pipe.read().release();
    assertThatThrownBy(pipe.read()::number).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(pipe.read()::release).isInstanceOf(IllegalStateException.class);
    pipe.close(); // must not close what was released
    assertThat(new File("/proc/self/fd/" + number)).exists();
    new OwnedFd(number).close();
    assertThatThrownBy(() -> new OwnedFd(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void pipeThroughStreams() throws IOException {
    var pipe = PipeEnds.open();
    try (var in = DescriptorStreams.input(pipe.read())) {
      try (var out = DescriptorStreams.output(pipe.write())) {
        out.write("through".getBytes(UTF_8));
      }
      assertThat(in.readAllBytes()).asString(UTF_8).isEqualTo("through");
    }
  }

  @Test
  void programIsSealed() throws IOException {
    byte[] content = "#!/bin/sh\n".repeat(10_000).getBytes(UTF_8);
    try (var file = MemoryFile.sealedProgram("test", content)) {
      var path = Path.of("/proc/self/fd/" + file.number());
      assertThat(Files.readAllBytes(path)).isEqualTo(content);
      assertThat(path.toFile().canExecute()).isTrue();
      assertThatThrownBy(() -> new FileOutputStream(path.toFile()).close())
          .isInstanceOf(IOException.class);
      assertThat(Files.readAllBytes(path)).isEqualTo(content);
    }
  }

  @Test
  void pidfd() throws IOException {
    var process = new ProcessBuilder("/bin/cat").start();
    try (var fd = PidFd.open(process.pid())) {
      assertThat(fd.ended()).isFalse();
      assertThat(Readiness.await(1, fd.number())).isEqualTo(-1);
      fd.send(9);
      assertThat(Readiness.await(-1, fd.number())).isZero();
      assertThat(fd.ended()).isTrue();
    } finally {
      process.destroyForcibly();
      process.onExit().join();
    }
    assertThatThrownBy(() -> PidFd.open(Integer.MAX_VALUE))
        .asInstanceOf(InstanceOfAssertFactories.throwable(SystemCallRefused.class))
        .hasMessageContaining("ESRCH");
  }

  @Test
  void readinessOfSeveral() throws IOException {
    try (var one = PipeEnds.open();
        var two = PipeEnds.open()) {
      int[] both = {one.read().number(), two.read().number()};
      assertThat(Readiness.await(0, both)).isEqualTo(-1);
      two.write().close(); // the end of the stream counts
      assertThat(Readiness.await(-1, both)).isEqualTo(1);
    }
  }

  @Test
  void messagesWithDescriptors() throws Exception {
    var pair = pair();
    try (var client = pair.getFirst();
        var server = pair.getLast();
        var pipe = PipeEnds.open();
        var sender = new MessageSender(client)) {
      assertThat(UnixSocket.peer(server).pid()).isEqualTo((int) ProcessHandle.current().pid());
      byte[] large = new byte[300_000];
      large[299_999] = 7;
      var writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      sender.send(large, List.of(pipe.write().number()));
                      UnixSocket.endSending(client);
                    } catch (SystemCallRefused e) {
                      UnixSocket.end(client);
                    }
                  });
      try (var receiver = new MessageReceiver(server)) {
        byte[] first = new byte[100_000];
        byte[] second = new byte[200_000];
        assertThat(receiver.fill(first)).isTrue();
        assertThat(receiver.fill(second)).isTrue();
        assertThat(second[199_999]).isEqualTo((byte) 7);
        assertThat(receiver.fill(first)).isFalse();
      }
      writer.join();
      UnixSocket.end(server);
      assertThatThrownBy(() -> sender.send(new byte[1], List.of())).hasMessageContaining("EPIPE");
    }
  }

  private static List<OwnedFd> pair() throws SystemCallRefused {
    try (var arena = Arena.ofConfined()) {
      var ends = arena.allocate(ValueLayout.JAVA_INT, 2);
      long type = Layout.SOCK_STREAM | Layout.SOCK_CLOEXEC;
      SystemCall.checked(Sys.SOCKETPAIR, Layout.AF_UNIX, type, 0, ends.address(), 0, 0);
      return List.of(
          new OwnedFd(ends.getAtIndex(ValueLayout.JAVA_INT, 0)),
          new OwnedFd(ends.getAtIndex(ValueLayout.JAVA_INT, 1)));
    }
  }

  @Test
  void namesThatNoSocketCanHave() {
    for (var name : List.of("", "x".repeat(108))) {
      assertThatThrownBy(() -> UnixSocket.listen(name).close())
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void nameIsTakenOnce() throws SystemCallRefused {
    String name = "bailey-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    try (var first = UnixSocket.listen(name)) {
      assertThat(first.number()).isPositive();
      assertThatThrownBy(() -> UnixSocket.listen(name).close()).hasMessageContaining("EADDRINUSE");
    }
    UnixSocket.listen(name).close();
  }
}
