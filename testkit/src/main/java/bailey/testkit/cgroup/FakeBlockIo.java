package bailey.testkit.cgroup;

import bailey.core.abi.Errno;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The I/O controller: blkio of v1, io of v2 (block/blk-throttle.c, bfq-cgroup.c, blk-iocost.c) of a
 * machine with one disk, 8:0, whose scheduler heeds weights.
 */
final class FakeBlockIo implements FakeController {
  static final String DISK = "8:0";

  private static final Map<String, String> V1_FILES = v1Files();
  private static final BigInteger NONE = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
  private static final BigInteger MOST_32 = BigInteger.TWO.pow(32).subtract(BigInteger.ONE);

  private final Map<String, Map<String, BigInteger>> limits = new TreeMap<>();
  private final Map<String, Long> weights = new TreeMap<>();
  private long weight = 100;

  private FakeBlockIo() {}

  static FakeBlockIo v1(FakeGroup group) {
    var io = new FakeBlockIo();
    if (!group.isRoot()) {
      V1_FILES.forEach(
          (file, key) ->
              group.file(file, FakeFile.both(() -> io.lines(key), text -> io.limit(key, text))));
      group.file(
          "blkio.bfq.weight",
          FakeFile.both(
              () -> io.weight + "\n",
              text -> io.weight = KernelParse.number(text, 1, 1000, Errno.ERANGE)));
      group.file(
          "blkio.bfq.weight_device",
          FakeFile.both(io::weightLines, text -> io.setWeight(text, 1000, Errno.ERANGE)));
    }
    for (var what : List.of("io_service_bytes", "io_serviced")) {
      group.file("blkio.throttle." + what + "_recursive", FakeFile.shown(() -> "Total 0\n"));
    }
    return io;
  }

  static FakeBlockIo v2(FakeGroup group) {
    var io = new FakeBlockIo();
    if (!group.isRoot()) {
      group.file(
          "io.weight",
          FakeFile.both(io::weightLines, text -> io.setWeight(text, 10_000, Errno.EINVAL)));
      group.file("io.max", FakeFile.both(io::maxLines, io::setMax));
    }
    group.file("io.stat", FakeFile.shown(() -> ""));
    return io;
  }

  private static Map<String, String> v1Files() {
    var files = new LinkedHashMap<String, String>();
    files.put("blkio.throttle.read_bps_device", "rbps");
    files.put("blkio.throttle.write_bps_device", "wbps");
    files.put("blkio.throttle.read_iops_device", "riops");
    files.put("blkio.throttle.write_iops_device", "wiops");
    return files;
  }

  private String lines(String key) {
    var text = new StringBuilder();
    limits.forEach(
        (device, byKey) -> {
          var limit = byKey.get(key);
          if (limit != null) {
            text.append(device).append(' ').append(limit).append('\n');
          }
        });
    return text.toString();
  }

  /** tg_set_conf(): 0 is none, and operations lose what is above 32 bits. */
  private void limit(String key, String text) {
    var words = KernelParse.device(text, DISK::equals);
    var number = KernelParse.unsigned(words[1]);
    boolean none = number.signum() == 0;
    put(words[0], key, none ? NONE : key.endsWith("iops") ? number.and(MOST_32) : number);
  }

  private void put(String device, String key, BigInteger limit) {
    var byKey = limits.computeIfAbsent(device, _ -> new LinkedHashMap<>());
    if (limit.equals(NONE) || (key.endsWith("iops") && limit.equals(MOST_32))) {
      byKey.remove(key);
    } else {
      byKey.put(key, limit);
    }
    if (byKey.isEmpty()) {
      limits.remove(device);
    }
  }

  private String maxLines() {
    var text = new StringBuilder();
    limits.forEach(
        (device, byKey) -> {
          text.append(device);
          for (var key : V1_FILES.values()) {
            var limit = byKey.get(key);
            text.append(' ').append(key).append('=').append(limit == null ? "max" : limit);
          }
          text.append('\n');
        });
    return text.toString();
  }

  /** tg_set_limit(): what is not named stays; 0 is ERANGE, 1 is EINVAL. */
  private void setMax(String text) {
    var words = KernelParse.device(text, DISK::equals);
    var wanted = new LinkedHashMap<String, BigInteger>();
    for (var word : words[1].split(" ", -1)) {
      int equals = word.indexOf('=');
      KernelRefusal.unless(equals > 0, Errno.EINVAL);
      var key = word.substring(0, equals);
      var value = word.substring(equals + 1);
      KernelRefusal.unless(V1_FILES.containsValue(key), Errno.EINVAL);
      var number = value.equals("max") ? NONE : KernelParse.unsigned(value);
      KernelRefusal.unless(number.signum() != 0, Errno.ERANGE);
      KernelRefusal.unless(!number.equals(BigInteger.ONE), Errno.EINVAL);
      wanted.put(key, key.endsWith("iops") ? number.min(MOST_32) : number);
    }
    wanted.forEach((key, limit) -> put(words[0], key, limit));
  }

  private String weightLines() {
    var text = new StringBuilder("default " + weight + "\n");
    weights.forEach((device, own) -> text.append(device).append(' ').append(own).append('\n'));
    return text.toString();
  }

  private void setWeight(String text, long most, Errno outside) {
    if (text.matches("[0-9]+|default .*")) {
      weight = KernelParse.number(text.replace("default ", ""), 1, most, outside);
      return;
    }
    var words = KernelParse.device(text, DISK::equals);
    if (words[1].equals("default")) {
      weights.remove(words[0]);
    } else {
      weights.put(words[0], KernelParse.number(words[1], 1, most, outside));
    }
  }
}
