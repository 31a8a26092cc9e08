package bailey.core.state;

import bailey.core.error.ContainerBusy;
import java.util.Optional;

/** The life of a container: a function from a state and an event to the next state. */
public final class Lifecycle {
  private Lifecycle() {}

  /** The state after {@code event}; empty where it cannot happen in {@code state}. */
  public static Optional<ContainerState> next(ContainerState state, Event event) {
    return Optional.ofNullable(
        switch (state) {
          case GONE ->
              switch (event) {
                case CREATE -> ContainerState.CREATED;
                case START -> ContainerState.STARTING;
                case STARTED,
                    FAIL,
                    FALL_BACK,
                    EXEC,
                    FREEZE,
                    THAW,
                    KILL,
                    END,
                    VANISH,
                    LOSE,
                    REMOVE ->
                    null;
              };
          case CREATED ->
              switch (event) {
                case START -> ContainerState.STARTING;
                case LOSE -> ContainerState.ABANDONED;
                case KILL -> ContainerState.CREATED;
                case REMOVE -> ContainerState.GONE;
                case CREATE, STARTED, FAIL, FALL_BACK, EXEC, FREEZE, THAW, END, VANISH -> null;
              };
          case STARTING ->
              switch (event) {
                case STARTED -> ContainerState.RUNNING;
                case FALL_BACK -> ContainerState.CREATED;
                case FAIL -> ContainerState.GONE;
                case LOSE -> ContainerState.ABANDONED;
                case CREATE, START, EXEC, FREEZE, THAW, KILL, END, VANISH, REMOVE -> null;
              };
          case RUNNING ->
              switch (event) {
                case EXEC, KILL, THAW -> ContainerState.RUNNING;
                case FREEZE -> ContainerState.FROZEN;
                case END -> ContainerState.ENDED;
                case LOSE -> ContainerState.UNATTENDED;
                case CREATE, START, STARTED, FAIL, FALL_BACK, VANISH, REMOVE -> null;
              };
          case FROZEN ->
              switch (event) {
                case FREEZE, KILL -> ContainerState.FROZEN;
                case THAW -> ContainerState.RUNNING;
                case END -> ContainerState.ENDED;
                case LOSE -> ContainerState.UNATTENDED;
                case CREATE, START, STARTED, FAIL, FALL_BACK, EXEC, VANISH, REMOVE -> null;
              };
          case UNATTENDED ->
              switch (event) {
                case EXEC, KILL, FREEZE, THAW -> ContainerState.UNATTENDED;
                case VANISH -> ContainerState.ABANDONED;
                case CREATE, START, STARTED, FAIL, FALL_BACK, END, LOSE, REMOVE -> null;
              };
          case ENDED ->
              switch (event) {
                case KILL -> ContainerState.ENDED;
                case REMOVE -> ContainerState.GONE;
                case CREATE,
                    START,
                    STARTED,
                    FAIL,
                    FALL_BACK,
                    EXEC,
                    FREEZE,
                    THAW,
                    END,
                    VANISH,
                    LOSE ->
                    null;
              };
          case ABANDONED ->
              switch (event) {
                case KILL -> ContainerState.ABANDONED;
                case REMOVE -> ContainerState.GONE;
                case CREATE,
                    START,
                    STARTED,
                    FAIL,
                    FALL_BACK,
                    EXEC,
                    FREEZE,
                    THAW,
                    END,
                    VANISH,
                    LOSE ->
                    null;
              };
          case DAMAGED ->
              switch (event) {
                case CREATE,
                    START,
                    STARTED,
                    FAIL,
                    FALL_BACK,
                    EXEC,
                    FREEZE,
                    THAW,
                    KILL,
                    END,
                    VANISH,
                    LOSE,
                    REMOVE ->
                    null;
              };
        });
  }

  /**
   * The state after {@code event}.
   *
   * @param container its name, for the error
   * @throws ContainerBusy saying why {@code event} cannot happen, and what to do
   */
  public static ContainerState after(String container, ContainerState state, Event event) {
    return next(state, event)
        .orElseThrow(
            () ->
                new ContainerBusy(
                    "cannot "
                        + verb(event)
                        + " "
                        + container
                        + ": it "
                        + condition(state)
                        + "; "
                        + remedy(container, state)));
  }

  private static String verb(Event event) {
    return switch (event) {
      case CREATE -> "create";
      case START -> "start";
      case STARTED, FAIL, FALL_BACK, END, VANISH, LOSE -> "go on with";
      case EXEC -> "start a command in";
      case FREEZE -> "freeze";
      case THAW -> "thaw";
      case KILL -> "kill";
      case REMOVE -> "remove";
    };
  }

  private static String condition(ContainerState state) {
    return switch (state) {
      case CREATED -> "has no task yet";
      case STARTING -> "is being started";
      case RUNNING -> "runs";
      case FROZEN -> "is frozen";
      case UNATTENDED -> "runs unattended, because the process that looked after it is gone";
      case ENDED -> "has ended";
      case ABANDONED -> "was abandoned by the process that made it";
      case DAMAGED -> "has a damaged record";
      case GONE -> "does not exist";
    };
  }

  private static String remedy(String container, ContainerState state) {
    return switch (state) {
      case CREATED -> "start its first command instead";
      case STARTING -> "try again in a moment";
      case RUNNING, UNATTENDED -> "bailey kill " + container + " ends it";
      case FROZEN -> "bailey thaw " + container + " lets it go on";
      case ENDED -> "bailey rm " + container + " removes what is kept of it";
      case ABANDONED -> "bailey gc removes what is left of it";
      case DAMAGED -> "bailey rm --force " + container + " removes it";
      case GONE -> "bailey ls shows those that do";
    };
  }
}
