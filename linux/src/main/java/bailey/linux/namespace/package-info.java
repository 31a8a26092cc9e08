/**
 * The namespaces of the machine and what keeps each in being, like lsns(8) but with the ones that
 * only a descriptor or a bind mount holds. Reads /proc; a process that vanishes meanwhile is as if
 * it had not been there. Values; any thread.
 */
@NullMarked
package bailey.linux.namespace;

import org.jspecify.annotations.NullMarked;
