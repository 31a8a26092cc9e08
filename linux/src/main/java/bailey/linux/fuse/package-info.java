/**
 * File systems that this process serves: the way to /dev/fuse and their mounts (fuse(4)). What is
 * in the messages is not known here. Any thread.
 */
@NullMarked
package bailey.linux.fuse;

import org.jspecify.annotations.NullMarked;
