/** The container system as a library; it sees a kernel only through the ports of bailey.core. */
module bailey.engine {
  requires static transitive org.jspecify;
  requires transitive bailey.core;

  exports bailey;

  uses bailey.core.kernel.Kernel;
}
