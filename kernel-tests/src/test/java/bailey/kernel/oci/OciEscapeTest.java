package bailey.kernel.oci;

import java.util.Map;

/** Each command plans in a process of its own. */
class OciEscapeTest extends OciEscapes {
  OciEscapeTest() {
    super(Map.of("BAILEY_SERVE", "off"));
  }
}
