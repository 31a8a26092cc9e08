/** The OCI runtime specification as values: configurations read, refused or mapped to requests. */
module bailey.oci {
  requires static transitive org.jspecify;
  requires transitive bailey.core;

  exports bailey.oci.config;
  exports bailey.oci.json;
}
