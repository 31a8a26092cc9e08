package bailey.linux.exec;

import bailey.linux.sys.MessageReceiver;
import bailey.linux.sys.MessageSender;
import bailey.linux.sys.OwnedFd;
import java.io.IOException;
import java.util.List;

/** A connected socket, which it owns. */
final class SocketLink implements CallLink {
  private final OwnedFd socket;
  private final MessageReceiver receiver;
  private final MessageSender sender;

  SocketLink(OwnedFd socket) {
    this.socket = socket;
    this.receiver = new MessageReceiver(socket);
    this.sender = MessageSender.ofThread(socket);
  }

  @Override
  public boolean fill(byte[] bytes) throws IOException {
    return receiver.fill(bytes);
  }

  @Override
  public void send(byte[] bytes) throws IOException {
    sender.send(bytes, List.of());
  }

  @Override
  public void close() {
    receiver.close();
    sender.close();
    socket.close();
  }
}
