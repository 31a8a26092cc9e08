package bailey.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ResourceCounterTest {
  private final ResourceCounter top = new ResourceCounter(null);
  private final ResourceCounter middle = new ResourceCounter(top);
  private final ResourceCounter leaf = new ResourceCounter(middle);
  private final ResourceCounter sister = new ResourceCounter(top);

  @Test
  void whatIsChargedIsChargedToAllAbove() {
    assertThat(leaf.charge(5)).isNull();
    assertThat(middle.charge(2)).isNull();
    assertThat(leaf.used()).isEqualTo(5);
    assertThat(middle.used()).isEqualTo(7);
    assertThat(top.used()).isEqualTo(7);
    assertThat(sister.used()).isZero();
    leaf.uncharge(4);
    assertThat(top.used()).isEqualTo(3);
  }

  @Test
  void whatHasNoRoomSomewhereIsChargedNowhere() {
    assertThat(top.limit(View.EXTERNAL, 10)).isTrue();
    assertThat(sister.charge(6)).isNull();
    assertThat(leaf.charge(5)).isSameAs(top);
    assertThat(leaf.used()).isZero();
    assertThat(middle.used()).isZero();
    assertThat(top.used()).isEqualTo(6);
    assertThat(leaf.charge(4)).isNull();
    assertThat(leaf.charge(1)).isSameAs(top);
    assertThat(middle.limit(View.EXTERNAL, 4)).isTrue();
    assertThat(leaf.charge(1)).isSameAs(middle);
  }

  @Test
  void theLowerLimitHolds() {
    assertThat(leaf.limit()).isEqualTo(ResourceCounter.NO_LIMIT);
    leaf.limit(View.EXTERNAL, 10);
    leaf.limit(View.INTERNAL, 20);
    assertThat(leaf.limit()).isEqualTo(10);
    leaf.limit(View.INTERNAL, 7);
    assertThat(leaf.limit()).isEqualTo(7);
    assertThat(leaf.limit(View.EXTERNAL)).isEqualTo(10);
    assertThat(leaf.limit(View.INTERNAL)).isEqualTo(7);
    assertThat(leaf.charge(8)).isSameAs(leaf);
    assertThat(leaf.charge(7)).isNull();
    leaf.limit(View.INTERNAL, ResourceCounter.NO_LIMIT);
    assertThat(leaf.charge(3)).isNull();
    assertThat(leaf.charge(1)).isSameAs(leaf);
    assertThat(leaf.used()).isEqualTo(10);
  }

  @Test
  void aLimitIsNotSetBelowWhatIsUsed() {
    assertThat(leaf.charge(5)).isNull();
    assertThat(leaf.limit(View.EXTERNAL, 4)).isFalse();
    assertThat(leaf.limit(View.INTERNAL, 4)).isFalse();
    assertThat(leaf.limit()).isEqualTo(ResourceCounter.NO_LIMIT);
    assertThat(leaf.used()).isEqualTo(5);
    assertThat(leaf.limit(View.EXTERNAL, 5)).isTrue();
    assertThat(leaf.charge(1)).isSameAs(leaf);
    assertThat(leaf.charge(0)).isNull();
  }

  @Test
  void aLimitImposedBelowWhatIsUsedKeepsTheNextAway() {
    assertThat(leaf.charge(5)).isNull();
    leaf.impose(View.EXTERNAL, 3);
    assertThat(leaf.limit()).isEqualTo(3);
    assertThat(leaf.used()).isEqualTo(5);
    assertThat(leaf.charge(1)).isSameAs(leaf);
    leaf.uncharge(3);
    assertThat(leaf.charge(1)).isNull();
    assertThat(leaf.charge(1)).isSameAs(leaf);
    leaf.impose(View.EXTERNAL, ResourceCounter.NO_LIMIT);
    assertThat(leaf.charge(100)).isNull();
    assertThat(leaf.used()).isEqualTo(103);
  }

  @Test
  void forceMindsNoLimit() {
    middle.limit(View.EXTERNAL, 1);
    leaf.force(3);
    assertThat(middle.used()).isEqualTo(3);
    assertThat(top.used()).isEqualTo(3);
    assertThat(leaf.charge(1)).isSameAs(middle);
    leaf.uncharge(3);
    assertThat(leaf.charge(1)).isNull();
  }

  @Test
  void nobodyGivesBackMoreThanIsUsed() {
    assertThat(leaf.charge(3)).isNull();
    assertThat(middle.charge(3)).isNull();
    assertThatThrownBy(() -> leaf.uncharge(4))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("4 is given back where 3 is in use");
    assertThat(middle.used()).isEqualTo(6);
    assertThatThrownBy(() -> leaf.charge(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> leaf.uncharge(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> leaf.limit(View.EXTERNAL, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theMostThatCanBeChargedIsChargedOnce() {
    assertThat(leaf.charge(Long.MAX_VALUE)).isNull();
    assertThat(leaf.charge(1)).isSameAs(leaf);
    assertThat(sister.charge(1)).isSameAs(top);
    leaf.uncharge(Long.MAX_VALUE);
    assertThat(top.used()).isZero();
  }

  @Test
  void partOfTheWayUp() {
    assertThat(leaf.common(sister)).isSameAs(top);
    assertThat(sister.common(leaf)).isSameAs(top);
    assertThat(leaf.common(middle)).isSameAs(middle);
    assertThat(leaf.common(leaf)).isSameAs(leaf);
    assertThat(leaf.common(new ResourceCounter(null))).isNull();
    leaf.force(2, top);
    assertThat(middle.used()).isEqualTo(2);
    assertThat(top.used()).isZero();
    leaf.uncharge(2, top);
    assertThat(middle.used()).isZero();
  }
}
