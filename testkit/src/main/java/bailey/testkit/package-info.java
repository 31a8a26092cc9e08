/**
 * Tools for tests: what a test needs of the machine it runs on. Nothing here is part of the
 * product.
 */
@NullMarked
package bailey.testkit;

import org.jspecify.annotations.NullMarked;
