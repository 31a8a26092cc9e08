/**
 * What an OCI runtime writes: the state of a container, the features document, the config.json that
 * {@code spec} makes. Pure functions to text; any thread.
 */
@NullMarked
package bailey.oci.output;

import org.jspecify.annotations.NullMarked;
