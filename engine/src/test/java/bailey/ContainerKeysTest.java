package bailey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.container.ContainerPath;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Numbers of containers. */
class ContainerKeysTest {
  private final Random random = new Random(7);

  private ContainerKeys keys() {
    var secret = new byte[ContainerKeys.SECRET];
    random.nextBytes(secret);
    return new ContainerKeys(secret);
  }

  private static ContainerPath path(String name) {
    return ContainerPath.parse("container", name);
  }

  @Test
  void aNameHasOneNumber() {
    var keys = keys();
    assertThat(keys.of("default", path("a/b"))).isEqualTo(keys.of("default", path("a/b")));
  }

  @Test
  void otherNamesAndHierarchiesHaveOthers() {
    var keys = keys();
    var seen = new HashSet<Long>();
    for (int i = 0; i < 10_000; i++) {
      assertThat(seen.add(keys.of("default", path("c" + i)))).isTrue();
    }
    assertThat(seen.add(keys.of("other", path("c1")))).isTrue();
  }

  @Test
  void whoDoesNotKnowTheSecretCannotTellThem() {
    var seen = new HashSet<Long>();
    for (int i = 0; i < 1000; i++) {
      assertThat(seen.add(keys().of("default", path("web")))).isTrue();
    }
  }

  @Test
  void theirTextsAreReadAgain() {
    for (int i = 0; i < 1000; i++) {
      long key = keys().of("default", path("web"));
      assertThat(key).isBetween(1L, (1L << ContainerKeys.BITS) - 1);
      assertThat(ContainerKeys.text(key)).hasSize(12);
      assertThat(ContainerKeys.parse(ContainerKeys.text(key))).isEqualTo(key);
    }
  }

  @Test
  void otherTextsAreNone() {
    for (var text :
        new String[] {"", "1", "00000000000g", "0000000000001", "ffffffffffff", "+00000000001"}) {
      assertThat(ContainerKeys.parse(text)).as(text).isZero();
    }
  }

  @Test
  void aSecretHasItsLength() {
    assertThatThrownBy(() -> new ContainerKeys(new byte[8]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
