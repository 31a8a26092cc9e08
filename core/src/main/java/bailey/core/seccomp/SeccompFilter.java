package bailey.core.seccomp;

import bailey.core.abi.SyscallAbi;
import java.util.List;

/**
 * A filter for all the interfaces by which programs make system calls, of which {@link
 * SeccompPolicy} is the case of one.
 *
 * @param sections at most one for each interface, the machine's own first
 * @param foreign for a call of an interface without a section. Calls of x32 without one get ENOSYS,
 *     as from a kernel without it, unless x86-64 has none either
 */
public record SeccompFilter(List<Section> sections, SeccompAction foreign) {
  /**
   * What happens to the calls of an interface. The first rule that names a call and whose tests are
   * all true decides.
   *
   * @param abi of whose table the names are
   * @param rules in order; a name that the interface lacks is passed over
   * @param otherwise for a call that no rule decides
   * @param unknown for a number without a call, and for those above {@code newest}
   * @param newest the highest number that the rules' author can have known of
   */
  public record Section(
      SyscallAbi abi,
      List<SeccompRule> rules,
      SeccompAction otherwise,
      SeccompAction unknown,
      int newest) {
    /** Keeps its own copy. */
    public Section {
      rules = List.copyOf(rules);
    }
  }

  /** Keeps its own copy; refuses two sections for one interface. */
  public SeccompFilter {
    sections = List.copyOf(sections);
    for (int i = 0; i < sections.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (sections.get(i).abi() == sections.get(j).abi()) {
          throw new IllegalArgumentException(sections.get(i).abi() + " has two sections");
        }
      }
    }
  }

  /**
   * The program for seccomp(2): {@code struct sock_filter}, 8 bytes each, little endian.
   *
   * @throws bailey.core.error.BadRequest if it takes more instructions than the kernel does
   */
  public byte[] assemble() {
    return SeccompProgram.of(this);
  }
}
