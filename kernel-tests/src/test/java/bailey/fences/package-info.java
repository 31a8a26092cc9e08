/**
 * The walls of the house, checked on what the build made: which module may see which, who may touch
 * the kernel, what {@code core} must not know, how classes are named, that each package has its
 * page.
 *
 * <p>A rule is the exact set of classes that break it. A listed exception that is no longer needed
 * is as red as a new offender. Here are no tests of behaviour.
 */
@NullMarked
package bailey.fences;

import org.jspecify.annotations.NullMarked;
