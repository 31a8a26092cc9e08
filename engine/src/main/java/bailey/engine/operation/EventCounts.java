package bailey.engine.operation;

import bailey.core.container.ContainerPath;
import bailey.core.state.ContainerState;
import bailey.engine.group.Groups;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What has happened to a container so far, as numbers that change when something happens. */
public final class EventCounts {
  private static final List<String> SOURCES = List.of("memory.events", "pids.events");
  private static final String SUFFIX = ".events";

  private final Machine machine;

  /** On a machine. */
  public EventCounts(Machine machine) {
    this.machine = machine;
  }

  /**
   * {@code populated} and {@code frozen} are 0 or 1; the rest counts what the kernel's controllers
   * counted: {@code memory.oom_kill}, {@code pids.max}.
   *
   * @throws bailey.core.error.NoSuchContainer if it is gone
   */
  public Map<String, Long> of(ContainerPath name) {
    var recorded = machine.find(name);
    var counts = new LinkedHashMap<String, Long>();
    var groups = machine.groups(recorded);
    var tasks = groups.map(Groups::allTasks).orElse(Set.of());
    counts.put("populated", tasks.isEmpty() ? 0L : 1L);
    counts.put("frozen", recorded.state() == ContainerState.FROZEN ? 1L : 0L);
    for (var source : SOURCES) {
      groups.flatMap(of -> Controls.text(of, source)).ifPresent(text -> put(source, text, counts));
    }
    return counts;
  }

  private static void put(String source, String text, Map<String, Long> into) {
    var prefix = source.substring(0, source.length() - SUFFIX.length() + 1);
    for (var line : text.split("\n", -1)) {
      int space = line.indexOf(' ');
      if (space > 0 && line.substring(space + 1).chars().allMatch(c -> c >= '0' && c <= '9')) {
        into.put(prefix + line.substring(0, space), Long.parseLong(line.substring(space + 1)));
      }
    }
  }
}
