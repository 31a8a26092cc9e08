/**
 * An OCI runtime: what engines ask of one, as one operation for each of their verbs. It reads
 * bundles, keeps the state of their containers in a directory of its own, and has plans made and
 * executed. Options and output are the command line's; what it takes to make a container is decided
 * in {@code bailey.core.planner}. An {@code OciRuntime} belongs to one thread.
 */
@NullMarked
package bailey.oci.runtime;

import org.jspecify.annotations.NullMarked;
