package bailey.kernel.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program that watches files by inotify(7), as inotifywait(1) does. */
final class FileWatcher implements AutoCloseable {
  /** Says a line for each event: what is watched, the event's bits by their names, the file. */
  private static final String PROGRAM =
      """
      import ctypes, os, struct, sys
      names = {2: 'MODIFY', 0x100: 'CREATE', 0x200: 'DELETE', 0x400: 'DELETE_SELF'}
      libc = ctypes.CDLL(None, use_errno=True)
      fd = libc.inotify_init()
      mask = sum(names)
      paths = {}
      for path in sys.argv[1:]:
          paths[libc.inotify_add_watch(fd, path.encode(), mask)] = path
      print('watching' if -1 not in paths else os.strerror(ctypes.get_errno()), flush=True)
      while True:
          events = os.read(fd, 65536)
          while events:
              wd, bits, _, size = struct.unpack_from('iIII', events)
              name = events[16:16 + size].rstrip(b'\\0').decode()
              events = events[16 + size:]
              what = names.get(bits & mask)
              if what:
                  print(' '.join(filter(None, [paths[wd], what, name])), flush=True)
      """;

  private final Process process;
  private final BufferedReader out;

  private FileWatcher(Process process) {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Watches from when this returns on. */
  static FileWatcher of(Path directory, String... files) throws IOException {
    var command = new ArrayList<>(List.of("python3", "-c", PROGRAM));
    command.addAll(List.of(files));
    var watcher =
        new FileWatcher(
            new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start());
    var begun = watcher.next();
    if (!begun.equals("watching")) {
      watcher.close();
      throw new IOException(begun);
    }
    return watcher;
  }

  /** The next event; waits for it. */
  String next() throws IOException {
    return String.valueOf(out.readLine());
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
