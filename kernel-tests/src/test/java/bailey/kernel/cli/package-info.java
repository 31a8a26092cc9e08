/**
 * The program as its user has it: the built {@code bailey}, started for real, on the real kernel. A
 * test looks at what comes out: text, bytes, JSON, exit status, a terminal's screen. Each container
 * gets a name that no other test uses, and is removed at the end.
 */
@NullMarked
package bailey.kernel.cli;

import org.jspecify.annotations.NullMarked;
