/**
 * How results are shown: aligned tables, sizes and times for people, JSON for programs, colour.
 * Here is no knowledge of containers beyond the values that are shown. {@code Output} is used by
 * one thread; all else are values.
 */
@NullMarked
package bailey.cli.output;

import org.jspecify.annotations.NullMarked;
