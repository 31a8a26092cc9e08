/**
 * The program: {@code Main}, which finds the command, runs it and turns its failure into a sentence
 * and an exit status. Everything happens on the main thread.
 */
@NullMarked
package bailey.cli;

import org.jspecify.annotations.NullMarked;
