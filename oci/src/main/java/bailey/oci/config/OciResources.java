package bailey.oci.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code linux.resources} of config.json, or the whole document of {@code update --resources}, in
 * the terms of cgroup v1 (config-linux.md, Control groups).
 *
 * @param devices rules about devices, in order; a later one holds over an earlier one
 * @param memory null if not given, as the following ones
 * @param rdma by device
 * @param unified files of cgroup v2, by name; they hold over the fields
 */
public record OciResources(
    List<DeviceRule> devices,
    @Nullable Memory memory,
    @Nullable Cpu cpu,
    @Nullable Pids pids,
    @Nullable BlockIo blockIo,
    List<HugepageLimit> hugepageLimits,
    @Nullable Network network,
    Map<String, Rdma> rdma,
    Map<String, String> unified) {
  /** No limits and no rules. */
  public static final OciResources NONE =
      new OciResources(List.of(), null, null, null, null, List.of(), null, Map.of(), Map.of());

  /**
   * A rule about devices.
   *
   * @param type {@code a} for all, {@code c} or {@code b}
   * @param major null for any
   * @param minor null for any
   * @param access of {@code r}, {@code w} and {@code m}; all three if not given
   */
  public record DeviceRule(
      boolean allow, char type, @Nullable Long major, @Nullable Long minor, String access) {}

  /**
   * Memory, in bytes, -1 for no limit; null where not given.
   *
   * @param swap of memory and swap together
   * @param swappiness 0 to 100 (200 from Linux 5.8 on)
   * @param checkBeforeUpdate whether an update to less than what is used is to be refused
   */
  public record Memory(
      @Nullable Long limit,
      @Nullable Long reservation,
      @Nullable Long swap,
      @Nullable Long kernel,
      @Nullable Long kernelTcp,
      @Nullable Long swappiness,
      @Nullable Boolean disableOomKiller,
      @Nullable Boolean useHierarchy,
      @Nullable Boolean checkBeforeUpdate) {}

  /**
   * Processor time; null where not given.
   *
   * @param shares relative weight as cgroup v1 has it, 2 to 262144, 0 for the default
   * @param quota microseconds in each period, -1 for no limit, 0 as if not given
   * @param burst microseconds that may be saved up
   * @param period microseconds, 1,000 to 1,000,000; 0 as if not given
   * @param realtimeRuntime microseconds in each realtimePeriod
   * @param cpus a list such as {@code 0-3,7}; null or not empty
   * @param mems a list of memory nodes; null or not empty
   * @param idle 1 for SCHED_IDLE, 0 for the default
   */
  public record Cpu(
      @Nullable Long shares,
      @Nullable Long quota,
      @Nullable Long burst,
      @Nullable Long period,
      @Nullable Long realtimeRuntime,
      @Nullable Long realtimePeriod,
      @Nullable String cpus,
      @Nullable String mems,
      @Nullable Long idle) {}

  /** The most processes and threads, -1 for no limit; null if not given, 0 is as 1. */
  public record Pids(@Nullable Long limit) {}

  /**
   * Block input and output.
   *
   * @param weight 10 to 1000; null or 0 for the default
   * @param leafWeight as {@code weight}, for processes beside child groups (CFQ only)
   */
  public record BlockIo(
      @Nullable Integer weight,
      @Nullable Integer leafWeight,
      List<WeightDevice> weightDevice,
      List<ThrottleDevice> throttleReadBpsDevice,
      List<ThrottleDevice> throttleWriteBpsDevice,
      List<ThrottleDevice> throttleReadIopsDevice,
      List<ThrottleDevice> throttleWriteIopsDevice) {}

  /** The weight of a group on one device. */
  public record WeightDevice(
      long major, long minor, @Nullable Integer weight, @Nullable Integer leafWeight) {}

  /**
   * A rate on one device.
   *
   * @param rate bytes or operations in a second, unsigned; 0 for no limit
   */
  public record ThrottleDevice(long major, long minor, long rate) {}

  /**
   * The most memory in huge pages of a size.
   *
   * @param pageSize such as {@code 2MB}
   * @param limit bytes, unsigned
   */
  public record HugepageLimit(String pageSize, long limit) {}

  /**
   * Marks of network traffic (cgroup v1 only).
   *
   * @param classId of net_cls, 0 to 2^32-1; null if not given
   * @param priorities of net_prio
   */
  public record Network(@Nullable Long classId, List<InterfacePriority> priorities) {}

  /** The priority, 0 to 2^32-1, of traffic that leaves by an interface. */
  public record InterfacePriority(String name, long priority) {}

  /** The most handles and objects of an RDMA device; null for no limit. */
  public record Rdma(@Nullable Long hcaHandles, @Nullable Long hcaObjects) {}
}
