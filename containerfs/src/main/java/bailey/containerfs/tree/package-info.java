/**
 * The tree that is served: hierarchies, containers and their control files as nodes, each a name
 * for what is there at the moment, so that nodes hold no state and the same name has the same
 * number in every process. All that is done is done by {@link bailey.ContainerSystem}. No messages
 * and no descriptors. Any thread.
 */
@NullMarked
package bailey.containerfs.tree;

import org.jspecify.annotations.NullMarked;
