package skarb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skarb.v1.ListResponse;

class ListsTest {
  private final FakeNode node;
  private final SkarbClient client;

  ListsTest() throws Exception {
    node = new FakeNode();
    client = node.client();
    for (String key : new String[] {"a", "b", "c", "d", "e"}) {
      node.objects.store(key, new byte[0]);
    }
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void pagesAreAskedForAsTheyAreUsed() {
    ListOptions options = ListOptions.all().withPageSize(2);
    Stream<ObjectInfo> unused = client.list("b", options);
    assertThat(node.calls).isEmpty();
    assertThat(client.list("b", options).limit(2).map(ObjectInfo::key)).containsExactly("a", "b");
    assertThat(node.objects.pageTokens).containsExactly("");
    assertThat(client.list("b", options).map(ObjectInfo::key))
        .containsExactly("a", "b", "c", "d", "e");
    assertThat(node.objects.pageTokens).containsExactly("", "", "b", "d");
  }

  @Test
  void pageThatFailsIsAskedForAgain() {
    node.refuse("List", FakeNode.connectionLost());
    assertThat(client.list("b", ListOptions.all().withPageSize(5))).hasSize(5);
  }

  @Test
  void objectsAndPrefixesComeInOneOrder() {
    ListResponse page =
        ListResponse.newBuilder()
            .addObjects(skarb.v1.ObjectInfo.newBuilder().setKey("a"))
            .addObjects(skarb.v1.ObjectInfo.newBuilder().setKey("c\uFFFD"))
            .addObjects(skarb.v1.ObjectInfo.newBuilder().setKey("d"))
            .addCommonPrefixes("b/")
            .addCommonPrefixes("c\uD83D\uDE00/")
            .addCommonPrefixes("e/")
            .build();
    assertThat(Lists.merged(page))
        .extracting(ListEntry::name)
        .containsExactly("a", "b/", "c\uFFFD", "c\uD83D\uDE00/", "d", "e/");
  }

  @Test
  void delimiterGoesWithEntriesOnly() {
    ListOptions options = ListOptions.all().withDelimiter("/");
    assertThatThrownBy(() -> client.list("b", options).toList())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void deletionsGoAThousandACall() {
    List<DeleteItem> items = new ArrayList<>();
    for (int i = 0; i < 2500; i++) {
      items.add(DeleteItem.ofKey((i == 1700 ? "locked" : "k") + i));
    }
    List<DeleteOutcome> outcomes = client.deleteAll("b", items);
    assertThat(node.calls).containsExactly("DeleteBatch", "DeleteBatch", "DeleteBatch");
    assertThat(outcomes).extracting(DeleteOutcome::item).isEqualTo(items);
    assertThat(outcomes.get(1700))
        .isEqualTo(new DeleteOutcome.Failed(items.get(1700), Reason.ACCESS_DENIED, "no"));
    assertThat(outcomes.stream().filter(DeleteOutcome.Deleted.class::isInstance)).hasSize(2499);
  }
}
