/** The container system as a file system, served over /dev/fuse. */
module bailey.containerfs {
  requires static transitive org.jspecify;
  requires transitive bailey.core;
  requires transitive bailey.engine;

  exports bailey.containerfs;

  uses bailey.core.kernel.FileServing;
}
