package bailey.oci.runtime;

import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupVersion;
import bailey.oci.config.OciResources.BlockIo;
import bailey.oci.config.OciResources.ThrottleDevice;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Limits of block input and output as what is written to the kernel's files. */
final class BlockIoMapping {
  /** What writes are given to. */
  interface Writes {
    /** One of them. */
    void add(String controller, String file, String text);
  }

  private final BiFunction<String, String, Optional<CgroupVersion>> versions;
  private final Writes writes;

  BlockIoMapping(BiFunction<String, String, Optional<CgroupVersion>> versions, Writes writes) {
    this.versions = versions;
    this.writes = writes;
  }

  void map(BlockIo limits) {
    boolean weighed = given(limits.weight()) != 0 || !limits.weightDevice().isEmpty();
    boolean throttled =
        !limits.throttleReadBpsDevice().isEmpty()
            || !limits.throttleWriteBpsDevice().isEmpty()
            || !limits.throttleReadIopsDevice().isEmpty()
            || !limits.throttleWriteIopsDevice().isEmpty();
    if (!weighed && !throttled) {
      return;
    }
    var version =
        versions
            .apply("blkio", "io")
            .orElseThrow(
                () ->
                    new NotPossibleHere(
                        "linux.resources.blockIO: this kernel has no io controller that can be"
                            + " used; bailey doctor shows which ones there are"));
    if (version == CgroupVersion.V1) {
      v1(limits);
    } else {
      v2(limits);
    }
  }

  private static int given(@Nullable Integer weight) {
    return weight == null ? 0 : weight;
  }

  /** 10..1000 onto 1..10000. */
  private static long weightV2(int weight) {
    return 1 + (weight - 10L) * 9999 / 990;
  }

  private void v1(BlockIo limits) {
    if (given(limits.weight()) != 0) {
      writes.add("blkio", "blkio.bfq.weight", Integer.toString(given(limits.weight())));
    }
    for (var device : limits.weightDevice()) {
      if (given(device.weight()) != 0) {
        writes.add(
            "blkio",
            "blkio.bfq.weight_device",
            device.major() + ":" + device.minor() + " " + device.weight());
      }
    }
    throttle(limits.throttleReadBpsDevice(), "blkio.throttle.read_bps_device");
    throttle(limits.throttleWriteBpsDevice(), "blkio.throttle.write_bps_device");
    throttle(limits.throttleReadIopsDevice(), "blkio.throttle.read_iops_device");
    throttle(limits.throttleWriteIopsDevice(), "blkio.throttle.write_iops_device");
  }

  private void throttle(List<ThrottleDevice> devices, String file) {
    for (var device : devices) {
      writes.add(
          "blkio",
          file,
          device.major() + ":" + device.minor() + " " + Long.toUnsignedString(device.rate()));
    }
  }

  private void v2(BlockIo limits) {
    if (given(limits.weight()) != 0) {
      writes.add("io", "io.weight", "default " + weightV2(given(limits.weight())));
    }
    for (var device : limits.weightDevice()) {
      if (given(device.weight()) != 0) {
        writes.add(
            "io",
            "io.weight",
            device.major() + ":" + device.minor() + " " + weightV2(given(device.weight())));
      }
    }
    throttleV2(limits.throttleReadBpsDevice(), "rbps");
    throttleV2(limits.throttleWriteBpsDevice(), "wbps");
    throttleV2(limits.throttleReadIopsDevice(), "riops");
    throttleV2(limits.throttleWriteIopsDevice(), "wiops");
  }

  private void throttleV2(List<ThrottleDevice> devices, String key) {
    for (var device : devices) {
      writes.add(
          "io",
          "io.max",
          device.major()
              + ":"
              + device.minor()
              + " "
              + key
              + "="
              + (device.rate() == 0 ? "max" : Long.toUnsignedString(device.rate())));
    }
  }
}
