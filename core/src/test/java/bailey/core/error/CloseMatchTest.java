package bailey.core.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloseMatchTest {
  @ParameterizedTest
  @CsvSource({"runn,run", "rnu,run", "explian,explain", "expl,explain", "stat,stats", "psx,ps"})
  void findsWhatWasMeant(String word, String meant) {
    var known = List.of("run", "ps", "explain", "stats", "namespaces");
    assertThat(CloseMatch.of(word, known)).contains(meant);
  }

  @ParameterizedTest
  @CsvSource({"zz", "docker", "x"})
  void staysSilentWhereNothingIsNear(String word) {
    assertThat(CloseMatch.of(word, List.of("run", "ps", "explain"))).isEmpty();
  }

  @Test
  void anAmbiguousBeginningIsNoHint() {
    assertThat(CloseMatch.of("cap-", List.of("cap-add", "cap-drop"))).isEmpty();
  }

  @Test
  void severalAreEquallyNear() {
    var names = List.of("job-1", "job-2", "jobs", "other");
    assertThat(CloseMatch.nearest("job-3", names, 2)).containsExactly("job-1", "job-2");
    assertThat(CloseMatch.nearest("jobs", names, 2)).containsExactly("jobs");
    assertThat(CloseMatch.nearest("nothing", names, 2)).isEmpty();
  }

  @Test
  void countsASwapAsOneMistake() {
    assertThat(CloseMatch.distance("memroy", "memory")).isEqualTo(1);
    assertThat(CloseMatch.distance("", "abc")).isEqualTo(3);
    assertThat(CloseMatch.distance("kitten", "sitting")).isEqualTo(3);
  }
}
