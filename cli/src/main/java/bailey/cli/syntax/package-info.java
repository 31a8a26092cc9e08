/**
 * The form of the command line: which commands and options there are, as data, and what is made
 * from that data: parsing, help texts, suggestions, shell completion. What the commands do is in
 * {@code bailey.cli.command}. All values; the parser is used by one thread.
 */
@NullMarked
package bailey.cli.syntax;

import org.jspecify.annotations.NullMarked;
