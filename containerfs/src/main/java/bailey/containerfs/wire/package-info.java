/**
 * The messages of FUSE (linux/fuse.h, protocol 7.31 to 7.45): requests from bytes, answers and
 * notices to bytes. No input or output, no knowledge of what is served. Values; what writes is
 * confined to one thread.
 */
@NullMarked
package bailey.containerfs.wire;

import org.jspecify.annotations.NullMarked;
