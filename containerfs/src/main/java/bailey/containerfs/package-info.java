/**
 * The container system as a file system: {@link bailey.containerfs.ContainerFs} serves it, in
 * whatever process. What it serves is {@code tree}, what it speaks is {@code wire}, how it serves
 * is {@code session}; nobody else should use those.
 */
@NullMarked
package bailey.containerfs;

import org.jspecify.annotations.NullMarked;
