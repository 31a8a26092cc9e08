/**
 * Assemblers of the kernel's two BPF machines: the classic one, which runs seccomp filters ({@link
 * bailey.core.bpf.ClassicAssembler}), and eBPF, with the programs that bailey makes of requests
 * ({@link bailey.core.bpf.DeviceProgram}). Bytes out; loading them is the executor's. What a
 * seccomp filter allows is not decided here but in {@code bailey.core.seccomp}. Values, and
 * assemblers used by one thread.
 */
@NullMarked
package bailey.core.bpf;

import org.jspecify.annotations.NullMarked;
