/**
 * Scripts with which shells complete bailey's command line, made from the same tables as the parser
 * and the help. Pure functions.
 */
@NullMarked
package bailey.cli.completion;

import org.jspecify.annotations.NullMarked;
