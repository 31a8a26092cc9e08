/**
 * System call filters: rules as values ({@link bailey.core.seccomp.SeccompPolicy}), the default
 * ones with their source ({@code StandardRules}) and their compilation to a program of the kernel's
 * filter machine ({@link bailey.core.seccomp.SeccompProgram}). Loading the program is the
 * executor's; numbers of calls are in {@code bailey.core.abi}. Immutable values; any thread.
 */
@NullMarked
package bailey.core.seccomp;

import org.jspecify.annotations.NullMarked;
