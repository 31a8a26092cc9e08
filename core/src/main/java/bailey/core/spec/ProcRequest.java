package bailey.core.spec;

/** Whose memory, CPUs, load and the like a container sees in /proc. */
public enum ProcRequest {
  /** Its own where it has a boundary and somebody serves that, otherwise the machine's. */
  USUAL,
  /** Its own: what it may use and uses. */
  VIEW,
  /** The machine's, as the kernel has it. */
  HOST;

  /** Whether a container with or without a boundary is to be shown its own. */
  public boolean isView(boolean boundary) {
    return this == VIEW || (this == USUAL && boundary);
  }
}
