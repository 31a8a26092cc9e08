/** The command line, built on the library. */
module bailey.cli {
  requires static transitive org.jspecify;
  requires bailey.containerfs;
  requires bailey.core;
  requires bailey.engine;
  requires bailey.oci;
  requires com.fasterxml.jackson.core;
  requires org.apache.commons.cli;

  uses bailey.core.kernel.Kernel;
  uses bailey.core.kernel.Callers;
}
