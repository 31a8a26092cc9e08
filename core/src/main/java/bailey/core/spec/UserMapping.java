package bailey.core.spec;

/** Which user namespace a container of a privileged user gets. */
public enum UserMapping {
  /** The machine's: root inside is root outside (less its dropped capabilities). */
  HOST,
  /** One of its own, with ids that nobody outside has. */
  AUTO
}
