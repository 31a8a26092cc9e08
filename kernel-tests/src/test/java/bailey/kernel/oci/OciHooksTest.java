package bailey.kernel.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that are run at points of a container's life. */
class OciHooksTest {
  @RegisterExtension final TestBundle bundle = new TestBundle();

  /** Each writes what it is told, and which of its namespaces it has, to a file of its name. */
  private void hooks(List<String> kinds, String more) {
    var all = new ArrayList<String>();
    for (var kind : kinds) {
      var script =
          "exec > "
              + (kind.equals("startContainer") ? "/dev/shm/" : bundle.directory() + "/")
              + kind
              + "; cat; readlink /proc/self/ns/mnt; "
              + more;
      all.add(
          "\""
              + kind
              + "\": [{\"path\": \"/bin/sh\", \"args\": ["
              + TestBundle.quoted("sh", "-c", script)
              + "], \"timeout\": 20}]");
    }
    bundle.replace("\"linux\": {", "\"hooks\": {" + String.join(",\n", all) + "},\n\"linux\": {");
  }

  private String told(String kind) throws IOException {
    var file = bundle.directory().resolve(kind);
    return Files.exists(file) ? Files.readString(file) : "";
  }

  @Test
  void eachAtItsTimeAndInItsPlace() throws IOException {
    hooks(
        List.of(
            "prestart",
            "createRuntime",
            "createContainer",
            "startContainer",
            "poststart",
            "poststop"),
        "true");
    bundle.script("cat /dev/shm/startContainer; exec sleep 1000");
    var mnt = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString();

    assertThat(bundle.run("create", "--pid-file", "pid", "one").err()).isEmpty();
    var pid = Files.readString(bundle.directory().resolve("pid"));
    var own = Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/mnt")).toString();
    for (var kind : List.of("prestart", "createRuntime")) {
      assertThat(told(kind))
          .contains("\"id\":\"one\"")
          .contains("\"status\":\"creating\"")
          .contains("\"pid\":" + pid + "}")
          .contains("\"bundle\":\"" + bundle.directory() + "\"")
          .contains(mnt);
    }
    assertThat(told("createContainer")).contains("\"status\":\"creating\"").contains(own);
    assertThat(told("poststart")).isEmpty();

    var started = bundle.run("start", "one");
    assertThat(started.err()).isEmpty();
    assertThat(told("poststart")).contains("\"status\":\"running\"").contains(mnt);
    var inside = bundle.run("exec", "one", "cat", "/dev/shm/startContainer");
    assertThat(inside.out()).contains("\"status\":\"created\"").contains(own);

    assertThat(told("poststop")).isEmpty();
    assertThat(bundle.run("delete", "--force", "one").err()).isEmpty();
    assertThat(told("poststop")).contains("\"status\":\"stopped\"").contains(mnt);
  }

  @Test
  void oneThatFailsIsTheEndOfACreation() throws IOException {
    hooks(List.of("createRuntime"), "exit 3");
    var result = bundle.run("create", "one");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("running /bin/sh").contains("ECANCELED").hasLineCount(1);
    assertThat(bundle.run("state", "one").status()).isEqualTo(1);
  }

  @Test
  void soIsOneThatTakesTooLong() {
    hooks(List.of("createContainer"), "sleep 1000");
    bundle.replace("\"timeout\": 20", "\"timeout\": 1");
    var result = bundle.run("create", "one");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("in its time").contains("ETIMEDOUT");
  }

  /** What is to be run at the end is, as the creation may have been the work of others. */
  @Test
  void whatEndsItIsRunAlsoWhereItFails() throws IOException {
    hooks(List.of("createRuntime", "poststop"), "false");
    var result = bundle.run("create", "one");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("hooks.createRuntime");
    assertThat(told("poststop")).contains("\"status\":\"stopped\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "run --detach", "create"})
  void oneThatFailsAfterTheStartEndsIt(String verb) throws IOException {
    hooks(List.of("poststart", "poststop"), "false");
    bundle.command("sleep", "1000");
    var words = new ArrayList<>(List.of(verb.split(" ", -1)));
    words.add("one");
    var result = bundle.run(words.toArray(new String[0]));
    if (verb.equals("create")) {
      assertThat(result.err()).isEmpty();
      result = bundle.run("start", "one");
    }
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .contains("hooks.poststart")
        .contains("warning: hooks.poststop: /bin/sh did not end with 0");
    assertThat(told("poststop")).contains("\"status\":\"stopped\"");
    assertThat(bundle.run("state", "one").status()).isEqualTo(1);
  }

  @Test
  void oneAtTheEndThatFailsIsTold() {
    hooks(List.of("poststop"), "exit 3");
    bundle.script("exit 7");
    var result = bundle.run("run", "one");
    assertThat(result.status()).isEqualTo(7);
    assertThat(result.err())
        .isEqualTo("bailey: warning: hooks.poststop: /bin/sh did not end with 0 in its time\n");
  }

  /** One that waits for ever does not keep the others from being run. */
  @Test
  void norDoesOneThatTakesTooLongKeepTheOthers() throws IOException {
    hooks(List.of("poststop"), "exec sleep 1000");
    bundle.replace("\"timeout\": 20", "\"timeout\": 1");
    bundle.replace(
        "\"poststop\": [",
        "\"poststop\": [{\"path\": \"/bin/sleep\", \"args\": [\"sleep\", \"1000\"],"
            + " \"timeout\": 1}, ");
    bundle.command("true");
    assertThat(bundle.run("run", "one").status()).isZero();
    assertThat(told("poststop")).contains("\"status\":\"stopped\"");
  }
}
