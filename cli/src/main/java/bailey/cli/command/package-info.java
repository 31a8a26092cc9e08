/**
 * bailey's commands, one class each: what a user wrote becomes calls of the library ({@code
 * bailey}), and its answers become text. No decision about containers is made here. Each command
 * runs once, on the main thread.
 */
@NullMarked
package bailey.cli.command;

import org.jspecify.annotations.NullMarked;
