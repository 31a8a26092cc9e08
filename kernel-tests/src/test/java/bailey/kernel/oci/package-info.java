/**
 * The OCI runtime as an engine has it: {@code bailey-oci}, started for real, on bundles made here,
 * and by engines. Each container's state is in a directory of the test's own, so that what is left
 * of a test that failed is no other's.
 */
@NullMarked
package bailey.kernel.oci;

import org.jspecify.annotations.NullMarked;
