package bailey.kernel.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A planner that stays, in a state directory of its own, for one class of tests. */
final class PrivatePlanner implements AutoCloseable {
  private static final String BAILEY = System.getProperty("bailey.home") + "/bailey";

  private final Path state;

  /** Not started yet: the first command does that. */
  PrivatePlanner() throws IOException {
    state = Files.createTempDirectory("bailey-test-planner");
  }

  /** The environment in which it is asked. */
  Map<String, String> environment() {
    return Map.of("BAILEY_SERVE", "on", "BAILEY_IDLE", "5m", "BAILEY_STATE", state.toString());
  }

  private Program.Result serve(List<String> way, String option) {
    var words = new ArrayList<>(way);
    words.addAll(List.of(BAILEY, "serve", option));
    return Program.run(state, words, environment());
  }

  /** Ends it; it must have been there. */
  @Override
  public void close() {
    close(List.of());
  }

  /**
   * Ends it where it is.
   *
   * @param way program and arguments that lead into its mount namespace
   */
  void close(List<String> way) {
    var status = serve(way, "--status");
    var stopped = serve(way, "--stop");
    Program.run(Path.of("/"), List.of("rm", "-rf", state.toString()));
    assertThat(status.status()).as(status.out() + status.err()).isZero();
    assertThat(stopped.status()).as(stopped.out() + stopped.err()).isZero();
  }
}
