/**
 * bailey as a library: containers for a Java program.
 *
 * <pre>{@code
 * try (var system = ContainerSystem.open()) {
 *   var spec = ContainerSpec.builder().memory("64M").pids(32).build();
 *   var process = system.start(spec, List.of("python3", "job.py"));
 *   process.waitFor();
 *   System.out.println(process.exitReport().join().sentence());
 * }
 * }</pre>
 *
 * <p>Everything that goes wrong is a {@link bailey.core.error.ContainerException}, whose message is
 * one sentence fit to be shown to a user. Requests ({@code ContainerSpec}) are values of {@code
 * bailey.core.spec}; text that comes from or goes to the kernel is {@code
 * bailey.core.abi.KernelText}. All types may be used by any thread. How it is done is in {@code
 * bailey.engine}, which nobody else should use.
 */
@NullMarked
package bailey;

import org.jspecify.annotations.NullMarked;
