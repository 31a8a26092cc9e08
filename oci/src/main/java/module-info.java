/**
 * An OCI runtime: configurations read, refused or mapped to requests, and the operations that
 * engines ask for.
 */
module bailey.oci {
  requires static transitive org.jspecify;
  requires transitive bailey.core;
  requires com.fasterxml.jackson.core;

  exports bailey.oci.config;
  exports bailey.oci.json;
  exports bailey.oci.output;
  exports bailey.oci.request;
  exports bailey.oci.runtime;
}
