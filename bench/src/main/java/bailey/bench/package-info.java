/**
 * Measures bailey beside what else makes containers, in one run. What is compared and against which
 * target is in {@code Comparison}, {@code Throughput} and {@code Footprint}; {@code Main} does all
 * and writes the tables of docs/benchmarks.md. Nothing of it is part of the product; tests do not
 * run it, because a time on a shared machine is no condition.
 */
@NullMarked
package bailey.bench;

import org.jspecify.annotations.NullMarked;
