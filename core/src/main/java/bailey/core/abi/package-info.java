/**
 * Facts of the Linux binary interface as data: architectures, system call numbers, error numbers
 * and flags. No code beyond their lookup and notation. Sources: asm/unistd.h, asm-generic/errno.h
 * and linux/*.h of the kernel; a test of the linux module checks them against the machine's
 * headers.
 */
@NullMarked
package bailey.core.abi;

import org.jspecify.annotations.NullMarked;
