package bailey.containerfs.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CompanyTest {
  private final Company company = new Company();

  private boolean asks(int thread, int times) {
    boolean steady = false;
    for (int i = 0; i < times; i++) {
      steady |= company.isSteady(thread);
    }
    return steady;
  }

  @Test
  void oneThreadHasToAskOften() {
    assertThat(asks(7, Company.IN_A_ROW - 1)).isFalse();
    assertThat(asks(8, 1)).isFalse();
    assertThat(asks(7, Company.IN_A_ROW - 1)).isFalse();
    assertThat(asks(7, 1)).isTrue();
    assertThat(asks(7, 1)).isFalse();
  }

  @Test
  void forWhichNobodyWaitsDoesNotCount() {
    assertThat(asks(7, Company.IN_A_ROW - 1)).isFalse();
    assertThat(asks(0, 3 * Company.IN_A_ROW)).isFalse();
    assertThat(asks(7, 1)).isTrue();
  }

  @Test
  void isSoughtSeldom() {
    assertThat(company.seeks(Long.MAX_VALUE)).isTrue();
    assertThat(company.seeks(Long.MAX_VALUE + Company.SELDOM_NANOS - 1)).isFalse();
    assertThat(company.seeks(Long.MAX_VALUE + Company.SELDOM_NANOS)).isTrue();
  }
}
