package bailey.core.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.ContainerBusy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LifecycleTest {
  /** The whole table: what is not here cannot happen. */
  private static final List<String> TABLE =
      List.of(
          "gone create created",
          "gone start starting",
          "created start starting",
          "created lose abandoned",
          "created kill created",
          "created remove gone",
          "starting started running",
          "starting fail gone",
          "starting fall_back created",
          "starting lose abandoned",
          "running exec running",
          "running kill running",
          "running thaw running",
          "running freeze frozen",
          "running end ended",
          "running lose unattended",
          "frozen freeze frozen",
          "frozen kill frozen",
          "frozen thaw running",
          "frozen end ended",
          "frozen lose unattended",
          "unattended exec unattended",
          "unattended kill unattended",
          "unattended freeze unattended",
          "unattended thaw unattended",
          "unattended vanish abandoned",
          "ended kill ended",
          "ended remove gone",
          "abandoned kill abandoned",
          "abandoned remove gone");

  @Test
  void theWholeTable() {
    var lines = new ArrayList<String>();
    for (var state : ContainerState.values()) {
      for (var event : Event.values()) {
        Lifecycle.next(state, event)
            .ifPresent(
                next ->
                    lines.add(state + " " + event.name().toLowerCase(Locale.ROOT) + " " + next));
      }
    }
    assertThat(lines).containsExactlyInAnyOrderElementsOf(TABLE);
  }

  @ParameterizedTest
  @EnumSource(ContainerState.class)
  void aRefusalNamesTheContainerAndWhatToDo(ContainerState state) {
    for (var event : Event.values()) {
      if (Lifecycle.next(state, event).isEmpty()) {
        assertThatThrownBy(() -> Lifecycle.after("job-42", state, event))
            .isInstanceOf(ContainerBusy.class)
            .hasMessageMatching("cannot [a-z ]+ job-42: it [a-z, ]+; .+");
      }
    }
  }

  @Test
  void aRefusedExecutionIsASentence() {
    assertThatThrownBy(() -> Lifecycle.after("job-42", ContainerState.ENDED, Event.EXEC))
        .hasMessage(
            "cannot start a command in job-42: it has ended;"
                + " bailey rm job-42 removes what is kept of it");
  }
}
