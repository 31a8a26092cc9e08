/**
 * The configuration of a container as the OCI runtime specification 1.3 has it for Linux: records
 * for config.json, for the process.json of {@code exec} and the resources of {@code update}, and
 * their reader. What is wrong in a document by itself is refused here, by its JSON path, line and
 * column; what depends on the machine is not known here, and what bailey makes of a field is
 * decided by those who plan. Component names are those of the document. An absent list or map is
 * empty; any other absent field is null. Immutable values; any thread.
 */
@NullMarked
package bailey.oci.config;

import org.jspecify.annotations.NullMarked;
