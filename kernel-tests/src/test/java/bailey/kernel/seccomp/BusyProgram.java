package bailey.kernel.seccomp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** What runs under the filter to show that a virtual machine can: threads and sockets. */
final class BusyProgram {
  private BusyProgram() {}

  public static void main(String[] arguments) throws IOException {
    var sum = new AtomicInteger();
    try (var pool = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 100; i++) {
        int n = i;
        pool.execute(() -> sum.addAndGet(n));
      }
    }
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client = new Socket(server.getInetAddress(), server.getLocalPort());
        var accepted = server.accept()) {
      client.getOutputStream().write(sum.get() % 100);
      System.out.println(sum.get() + " " + accepted.getInputStream().read());
    }
  }
}
