package bailey.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WatchedInodesTest {
  private static Set<Long> parse(String text, long device) {
    var found = new HashSet<Long>();
    WatchedInodes.parse(text, device, found);
    return found;
  }

  @Test
  void theKernelNamesInodesAndTheirFileSystems() {
    var text =
        """
        pos:\t0
        flags:\t00
        mnt_id:\t15
        ino:\t1060
        inotify wd:3 ino:1d sdev:2d mask:2 ignored_mask:0 fhandle-bytes:c fhandle-type:81 f_handle:1d
        inotify wd:2 ino:e2a4b2c0a1b20024 sdev:2d mask:306 ignored_mask:0
        inotify wd:1 ino:9e7e sdev:800013 mask:800afce ignored_mask:0
        fanotify flags:10 event-flags:0
        fanotify mnt_id:12 mflags:40 mask:38 ignored_mask:40000000
        fanotify ino:4f969 sdev:2d mflags:0 mask:3b ignored_mask:40000000
        """;
    assertThat(parse(text, 0x2d)).containsExactlyInAnyOrder(0x1dL, 0xe2a4b2c0a1b20024L, 0x4f969L);
    assertThat(parse(text, 0x800013)).containsExactly(0x9e7eL);
    assertThat(parse(text, 1)).isEmpty();
  }

  @Test
  void whatNoKernelWritesNamesNothing() {
    for (var line :
        new String[] {
          "inotify",
          "inotify ino:",
          "inotify wd:1 ino:zz sdev:2d",
          "inotify wd:1 ino:1 sdev:",
          "inotify wd:1 ino:11111111111111111 sdev:2d",
          "other ino:1 sdev:2d"
        }) {
      assertThat(parse(line, 0x2d)).as(line).isEmpty();
    }
  }
}
