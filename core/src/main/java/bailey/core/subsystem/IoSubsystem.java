package bailey.core.subsystem;

import static bailey.core.container.ControlFile.figure;
import static bailey.core.container.ControlFile.limit;
import static bailey.core.container.ControlFile.setting;
import static bailey.core.container.Unit.COUNT;
import static bailey.core.container.Unit.TEXT;

import bailey.core.abi.Errno;
import bailey.core.container.ControlFile;
import bailey.core.container.Report;
import bailey.core.kernel.CgroupVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How much may be read from and written to block devices: a share of what is there (weight, which
 * needs an I/O scheduler or cost model that heeds it) and absolute limits by device.
 *
 * <p>Weights are 1 to 10000. The BFQ scheduler, which is all that v1 has, knows 1 to 1000: up to
 * 100 they are the same, above they are divided by 11 as systemd does it, so the value read back
 * may be up to 10 less than the value set.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#io">cgroup-v2.rst, IO</a>
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/blkio-controller.html">
 *     blkio-controller.rst</a>
 */
public final class IoSubsystem extends DeclaredController {
  private static final String WEIGHT = "io.weight";
  private static final String BFQ_V1 = "blkio.bfq.weight";
  private static final String BFQ_V1_DEVICE = "blkio.bfq.weight_device";
  private static final String BFQ_V2 = "io.bfq.weight";
  private static final String WITH_BFQ = "where the kernel has the BFQ I/O scheduler: modprobe bfq";
  private static final long SAME_UP_TO = 100;
  private static final long STEP = 11;

  private static final String BYTES_V1 = "blkio.throttle.io_service_bytes_recursive";
  private static final String OPERATIONS_V1 = "blkio.throttle.io_serviced_recursive";

  /** v1's file for each key of {@code io.max}. */
  private static final Map<String, String> THROTTLE_V1 =
      Map.of(
          "rbps", "blkio.throttle.read_bps_device",
          "wbps", "blkio.throttle.write_bps_device",
          "riops", "blkio.throttle.read_iops_device",
          "wiops", "blkio.throttle.write_iops_device");

  private static final FileDriver BFQ_WEIGHT =
      FileDriver.one(
              BFQ_V2,
              value -> DeviceWeights.map(value, IoSubsystem::toBfq),
              text -> DeviceWeights.map(text, IoSubsystem::fromBfq))
          .since(WITH_BFQ + "; or with CONFIG_BLK_CGROUP_IOCOST");

  /** The one instance that is needed. */
  public IoSubsystem() {
    super("io", "blkio", "io", entries());
  }

  private static List<Entry> entries() {
    return List.of(
        new Entry(
            setting(
                WEIGHT,
                COUNT,
                new DeviceWeights(),
                "its share of the I/O that siblings compete for, by default and by device"),
            new FileDriver.Present(
                List.of(BFQ_V1_DEVICE, BFQ_V1),
                WITH_BFQ,
                texts ->
                    DeviceWeights.map(KernelTable.text(texts, BFQ_V1_DEVICE), IoSubsystem::fromBfq),
                IoSubsystem::weightV1),
            new FileDriver.Present(
                List.of(WEIGHT),
                "",
                texts -> KernelTable.text(texts, WEIGHT),
                (controller, value) -> byLine(controller, WEIGHT, value))),
        new Entry(
            limit(
                "io.max",
                TEXT,
                new DeviceLimits(),
                "the most bytes and operations a second, by device"),
            new FileDriver.Present(
                DeviceLimits.KEYS.stream().map(THROTTLE_V1::get).toList(),
                "with CONFIG_BLK_DEV_THROTTLING",
                IoSubsystem::maxV1,
                IoSubsystem::throttleV1),
            new FileDriver.Present(
                List.of("io.max"),
                "with CONFIG_BLK_DEV_THROTTLING",
                texts -> KernelTable.text(texts, "io.max"),
                (controller, value) -> byLine(controller, "io.max", value))),
        new Entry(
            figure("io.stat", TEXT, Report.NESTED, "bytes and operations so far, by device"),
            FileDriver.report(List.of(BYTES_V1, OPERATIONS_V1), IoSubsystem::statV1),
            FileDriver.same("io.stat")));
  }

  /** v2 takes one device in each write (blkg_conf_prep()). */
  private static List<KernelWrite> byLine(String controller, String file, String value) {
    return value.lines().map(line -> new KernelWrite(controller, file, line)).toList();
  }

  private static String toBfq(String weight) {
    long number = Long.parseLong(weight);
    return Long.toString(number <= SAME_UP_TO ? number : SAME_UP_TO + (number - SAME_UP_TO) / STEP);
  }

  private static String fromBfq(String weight) {
    long number = KernelTable.number("BFQ weight", weight);
    return Long.toString(number <= SAME_UP_TO ? number : SAME_UP_TO + (number - SAME_UP_TO) * STEP);
  }

  private static List<KernelWrite> weightV1(String controller, String value) {
    var writes = new ArrayList<KernelWrite>();
    DeviceWeights.weights(value)
        .forEach(
            (device, weight) ->
                writes.add(
                    device.equals(DeviceWeights.DEFAULT)
                        ? new KernelWrite(controller, BFQ_V1, toBfq(weight))
                        : new KernelWrite(
                            controller, BFQ_V1_DEVICE, device + " " + toBfq(weight))));
    return writes;
  }

  /** On v1 a limit of 0 is none (blk-throttle.c, tg_set_conf()). */
  private static List<KernelWrite> throttleV1(String controller, String value) {
    var writes = new ArrayList<KernelWrite>();
    DeviceLimits.devices(value)
        .forEach(
            (device, limits) ->
                limits.forEach(
                    (key, limit) ->
                        writes.add(
                            new KernelWrite(
                                controller,
                                KernelTable.text(THROTTLE_V1, key),
                                device + " " + (limit.equals("max") ? "0" : limit)))));
    return writes;
  }

  private static String maxV1(Map<String, String> texts) {
    var devices = new LinkedHashMap<String, Map<String, String>>();
    for (var key : DeviceLimits.KEYS) {
      var file = KernelTable.text(THROTTLE_V1, key);
      KernelTable.flat(file, KernelTable.text(texts, file))
          .forEach(
              (device, limit) ->
                  devices.computeIfAbsent(device, _ -> new LinkedHashMap<>()).put(key, limit));
    }
    var lines = new ArrayList<String>();
    devices.forEach((device, limits) -> lines.add(DeviceLimits.print(device, limits)));
    return String.join("\n", lines);
  }

  /** v1 has lines {@code MAJ:MIN Read N}; v2 one line for each device. */
  private static String statV1(Map<String, String> texts) {
    var devices = new LinkedHashMap<String, StringBuilder>();
    gather(devices, texts, BYTES_V1, Map.of("Read", "rbytes", "Write", "wbytes"));
    gather(devices, texts, OPERATIONS_V1, Map.of("Read", "rios", "Write", "wios"));
    gather(devices, texts, BYTES_V1, Map.of("Discard", "dbytes"));
    gather(devices, texts, OPERATIONS_V1, Map.of("Discard", "dios"));
    return String.join("\n", devices.values());
  }

  private static void gather(
      Map<String, StringBuilder> devices,
      Map<String, String> texts,
      String file,
      Map<String, String> names) {
    for (var line : KernelTable.text(texts, file).lines().toList()) {
      var words = line.split(" ", -1);
      var name = words.length == 3 ? names.get(words[1]) : null;
      if (name != null) {
        devices
            .computeIfAbsent(words[0], device -> new StringBuilder(device))
            .append(' ')
            .append(name)
            .append('=')
            .append(words[2]);
      }
    }
  }

  @Override
  FileDriver driver(CgroupFeatures features, CgroupVersion version, ControlFile file) {
    return version == CgroupVersion.V2 && file.name().equals(WEIGHT) && !hasCostModel(features)
        ? BFQ_WEIGHT
        : super.driver(features, version, file);
  }

  private static boolean hasCostModel(CgroupFeatures features) {
    return features.mayHave(new KernelFile("io", WEIGHT));
  }

  @Override
  String granted(CgroupFeatures features, ControlFile file, String canonical) {
    boolean exact =
        !file.name().equals(WEIGHT)
            || (versionOf(features, file) == CgroupVersion.V2 && hasCostModel(features));
    return exact ? canonical : DeviceWeights.map(canonical, weight -> fromBfq(toBfq(weight)));
  }

  /**
   * Where v2 has both, the cost model and the scheduler are told: a device heeds the one it uses.
   */
  @Override
  List<KernelWrite> writes(
      CgroupFeatures features, Map<String, String> canonical, Map<KernelFile, String> before) {
    var writes = new ArrayList<>(super.writes(features, canonical, before));
    var weight = canonical.get(WEIGHT);
    if (weight != null && hasCostModel(features) && features.has(new KernelFile("io", BFQ_V2))) {
      writes.addAll(byLine("io", BFQ_V2, DeviceWeights.map(weight, IoSubsystem::toBfq)));
    }
    return writes;
  }

  @Override
  public Optional<String> remedy(String kernelFile, Errno errno) {
    return switch (errno) {
      case ENODEV ->
          Optional.of(
              "Only whole disks can be named, not partitions: lsblk lists them as MAJ:MIN.");
      case ENOTSUP ->
          Optional.of(
              "The disk's I/O scheduler has no weights: choose bfq in"
                  + " /sys/block/DISK/queue/scheduler.");
      default -> super.remedy(kernelFile, errno);
    };
  }

  /**
   * The files of limits and weights have a line for each device: only the one written is put back.
   */
  @Override
  public List<KernelWrite> undo(KernelWrite write, Function<KernelFile, Optional<String>> present) {
    if (write.file().equals(BFQ_V1)) {
      return super.undo(write, present);
    }
    var device = write.text().substring(0, write.text().indexOf(' ') + 1);
    var old =
        present
            .apply(write.target())
            .orElse("")
            .lines()
            .filter(line -> line.startsWith(device))
            .findFirst()
            .orElse(device + unset(write.file()));
    return List.of(new KernelWrite(write.controller(), write.file(), old));
  }

  /** What makes a device as if nothing had been said about it. */
  private static String unset(String file) {
    if (file.equals("io.max")) {
      return "rbps=max wbps=max riops=max wiops=max";
    }
    return file.startsWith("blkio.throttle.") ? "0" : "default";
  }
}
