package bailey.kernel.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Network interfaces that become a container's. The machine is a network namespace of the test's.
 */
class OciNetDevicesTest {
  @RegisterExtension final TestBundle bundle = new TestBundle();

  @BeforeEach
  void needInterfaces() {
    Program.require("ip");
    Program.require("unshare");
  }

  private Program.Result onAMachineOfItsOwn(String before, String after) {
    var script =
        "ip link set lo up && ip link add out0 type veth peer name peer0 && "
            + before
            + " && "
            + System.getProperty("bailey.home")
            + "/bailey-oci --root state run one; status=$?; "
            + after
            + "; exit $status";
    return Program.run(bundle.directory(), List.of("unshare", "--net", "sh", "-c", script));
  }

  @Test
  void isMovedRenamedAndKeepsItsAddresses() {
    bundle
        .linux("'netDevices': {'out0': {'name': 'eth0'}}")
        .script("busybox ip -o addr show; busybox ip link show eth0");
    var result =
        onAMachineOfItsOwn(
            "ip link set out0 mtu 1400 && ip addr add 10.99.0.2/24 dev out0 && ip addr add"
                + " fd00:99::2/64 dev out0 nodad && ip link set out0 up && ip link set peer0 up",
            "ip link show out0");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("inet 10.99.0.2/24")
        .contains("inet6 fd00:99::2/64")
        .contains("mtu 1400")
        .containsPattern("eth0@[^\n]*UP");
    assertThat(result.err()).contains("out0"); // it is not on the machine any more
  }

  @Test
  void whatIsNotThereIsRefused() {
    bundle.linux("'netDevices': {'out7': {}}");
    var result = onAMachineOfItsOwn("true", "ip -o link show out0");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .contains("linux.netDevices: there is no network device out7")
        .contains("; line ")
        .hasLineCount(1);
    assertThat(result.out()).contains("out0");
  }

  @Test
  void aNameThatIsTakenInsideIsRefused() {
    bundle.linux("'netDevices': {'out0': {'name': 'lo'}}");
    var result = onAMachineOfItsOwn("true", "ip -o link show out0");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("moving the network device out0").contains("EEXIST");
    assertThat(result.out()).contains("out0");
  }
}
