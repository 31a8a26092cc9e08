/** A kernel in memory, the contracts that it shares with the real one, and tools for tests. */
module bailey.testkit {
  requires static transitive org.jspecify;
  requires transitive bailey.core;
  requires org.assertj.core;
  requires transitive org.junit.jupiter.api;
  requires org.junit.jupiter.params;

  exports bailey.testkit;
  exports bailey.testkit.cgroup;
  exports bailey.testkit.machine;
  exports bailey.testkit.namespace;
}
