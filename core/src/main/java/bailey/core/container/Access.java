package bailey.core.container;

/** What may be done with a control file from one {@link View}. */
public enum Access {
  /** It is not there. */
  NONE,
  /** Read. */
  READ,
  /** Write: reading it would mean nothing. */
  WRITE,
  /** Both. */
  READ_WRITE;

  /** Whether it may be read. */
  public boolean readable() {
    return this == READ || this == READ_WRITE;
  }

  /** Whether it may be written. */
  public boolean writable() {
    return this == WRITE || this == READ_WRITE;
  }
}
