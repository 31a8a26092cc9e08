package bailey;

import static bailey.FakeMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventsTest {
  @RegisterExtension final FakeMachine machine = new FakeMachine();

  /** Up to the first that is so called. */
  private static List<String> until(ContainerEvents events, String last)
      throws InterruptedException {
    var told = new ArrayList<String>();
    while (true) {
      var event = events.next().orElseThrow();
      told.add(event.container() + " " + event.what() + " " + event.count());
      if (event.what().equals(last)) {
        return told;
      }
    }
  }

  @Test
  void whatHappensIsTold() throws InterruptedException {
    try (var events = machine.system().events(Duration.ofMillis(1))) {
      var web = machine.system().create(spec().name("web").memory("64M").pids(20).build());
      assertThat(until(events, "created")).containsExactly("web created 1");
      long pid = machine.kernel().startProcess("/usr/sbin/webd");
      web.attach(pid);
      assertThat(until(events, "populated")).contains("web populated 1");
      assertThat(web.events()).containsEntry("populated", 1L).containsEntry("frozen", 0L);
      web.remove(true);
      assertThat(until(events, "removed")).endsWith("web removed 1");
    }
  }

  @Test
  void countsOfTheKernelAreTold() {
    var web = machine.system().create(spec().name("web").memory("64M").pids(20).build());
    assertThat(web.events()).containsKeys("populated", "frozen", "memory.oom_kill", "pids.max");
    web.remove(true);
  }

  @Test
  void closingEndsTheWaiting() throws InterruptedException {
    var events = machine.system().events(Duration.ofDays(1));
    var closer = Thread.ofPlatform().start(events::close);
    assertThat(events.next()).isEmpty();
    closer.join();
  }
}
