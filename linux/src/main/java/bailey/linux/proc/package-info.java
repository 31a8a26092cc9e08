/**
 * The text files of /proc and /etc that bailey reads: for each a record with a parser (pure, total:
 * any text gives a result, what is not understood is left out) and a reader of three lines. Read by
 * plain file streams, because the command line's start reads some of them and native access or
 * channels would cost it tens of milliseconds; for the same reason loops instead of streams, and no
 * patterns.
 *
 * <p>All text is decoded by {@link bailey.core.abi.KernelText}: names are bytes. Records are
 * values; readers may be used by any thread and see what the file has at that moment; a file that
 * is not there, or whose process has gone, is an empty result.
 */
@NullMarked
package bailey.linux.proc;

import org.jspecify.annotations.NullMarked;
