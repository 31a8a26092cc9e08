/**
 * JSON (RFC 8259) as text: a pull reader that knows path, line and column of what it reads, and a
 * writer. It knows nothing of containers. A reader or writer belongs to one thread.
 */
@NullMarked
package bailey.oci.json;

import org.jspecify.annotations.NullMarked;
