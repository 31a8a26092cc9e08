package bailey.oci.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which profiles of AppArmor are taken for loaded. */
class LabelMappingTest {
  private static final String LOADED =
      """
      docker-default (enforce)
      a (b) (complain)
      /usr/bin/man//filter (enforce)
      """;

  @ParameterizedTest
  @CsvSource({
    "docker-default, true",
    "docker, false",
    "a (b), true",
    "a, false",
    "/usr/bin/man//filter, true",
    "unconfined, true",
    ":namespace:a, true",
    "docker-default//&other, true",
    "'', false"
  })
  void byTheKernelsList(String profile, boolean loaded) {
    assertThat(LabelMapping.isLoaded(profile, LOADED.lines())).isEqualTo(loaded);
  }
}
