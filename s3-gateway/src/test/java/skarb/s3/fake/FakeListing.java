package skarb.s3.fake;

import com.google.protobuf.ByteString;
import java.util.Comparator;
import java.util.NavigableMap;
import skarb.s3.fake.FakeStore.Stored;
import skarb.v1.ListRequest;
import skarb.v1.ListResponse;

/// A page of a bucket, the slow and simple way. Tokens are `after:` and the last entry.
final class FakeListing {
  private static final Comparator<ByteString> ORDER =
      ByteString.unsignedLexicographicalComparator();

  private FakeListing() {}

  static ListResponse page(ListRequest request, NavigableMap<ByteString, Stored> objects) {
    ListResponse.Builder page = ListResponse.newBuilder();
    int size = request.hasPageSize() ? request.getPageSize() : 1000;
    String after =
        request.getPageToken().isEmpty()
            ? request.getStartAfter()
            : request.getPageToken().substring("after:".length());
    String last = "";
    for (Stored stored : objects.values()) {
      String entry = entry(request, stored.info().getKey());
      boolean listed =
          entry.startsWith(request.getPrefix()) && compare(entry, after) > 0 && !entry.equals(last);
      if (!listed) {
        continue;
      }
      if (page.getObjectsCount() + page.getCommonPrefixesCount() == size) {
        return size == 0
            ? page.build()
            : page.setNextPageToken("after:" + last).setNextMarker(last).build();
      }
      if (entry.equals(stored.info().getKey())) {
        page.addObjects(stored.info());
      } else {
        page.addCommonPrefixes(entry);
      }
      last = entry;
    }
    return page.build();
  }

  private static String entry(ListRequest request, String key) {
    if (request.getDelimiter().isEmpty() || !key.startsWith(request.getPrefix())) {
      return key;
    }
    int at = key.indexOf(request.getDelimiter(), request.getPrefix().length());
    return at < 0 ? key : key.substring(0, at + request.getDelimiter().length());
  }

  private static int compare(String a, String b) {
    return ORDER.compare(ByteString.copyFromUtf8(a), ByteString.copyFromUtf8(b));
  }
}
