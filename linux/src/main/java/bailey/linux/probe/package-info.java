/**
 * What the kernel and this user can do. {@code KernelProbe} and {@code CgroupProbe} take the
 * snapshot that planners work with, from files alone: they are part of every start of the command
 * line, so they use no native access, no channels, no lambdas. {@code Doctor} really tries each
 * ability, by small plans on the executor, for people who want to know why something is refused.
 *
 * <p>Nothing is cached here and nothing is kept open; any thread.
 */
@NullMarked
package bailey.linux.probe;

import org.jspecify.annotations.NullMarked;
