/**
 * The OCI runtime's command line: its verbs and options as engines write them, which are runc's,
 * and what it prints. What the verbs do is in {@code bailey.oci.runtime}.
 */
@NullMarked
package bailey.cli.oci;

import org.jspecify.annotations.NullMarked;
