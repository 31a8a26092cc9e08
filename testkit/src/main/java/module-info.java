/** A kernel in memory, the contracts that it shares with the real one, and tools for tests. */
module bailey.testkit {
  requires static transitive org.jspecify;
  requires transitive bailey.core;
  requires org.junit.jupiter.api;

  exports bailey.testkit;
}
