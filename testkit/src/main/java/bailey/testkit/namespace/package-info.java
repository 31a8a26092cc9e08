/**
 * What control files of namespaces do, on the real kernel and in memory. No container is made here:
 * who runs the contract has a running one.
 */
@NullMarked
package bailey.testkit.namespace;

import org.jspecify.annotations.NullMarked;
