package bailey.core.state;

/** What happens to a container. */
public enum Event {
  /** Its name is taken and its groups are made, without a task. */
  CREATE,
  /** Its start begins. */
  START,
  /** Its first process runs. */
  STARTED,
  /** Its start failed; what was made for it is undone. */
  FAIL,
  /** Its start failed; it is as it was when it was created. */
  FALL_BACK,
  /** A further command is started in it. */
  EXEC,
  /** All its tasks are stopped. */
  FREEZE,
  /** They go on. */
  THAW,
  /** Everything in it is killed. */
  KILL,
  /** Its first process ended, and that was recorded. */
  END,
  /** Its first process ended, and nobody was there to record it. */
  VANISH,
  /** Whoever looked after it is gone. */
  LOSE,
  /** It is removed, without force. */
  REMOVE
}
