package skarb.node.index;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skarb.node.index.IndexView.RowEntry;
import skarb.node.model.EntryDot;
import skarb.node.model.UploadName;

/// Lists the open uploads of a bucket, a page at a time: in byte order of their keys, those of one
/// key in the order in which they were opened. Common prefixes and positions are as in [Listing]: a
/// position inside a common prefix, or equal to it, leaves the whole of it out.
///
/// Thread-safe: all state is in the call.
public final class UploadListing {
  private static final int STEP = 256;
  private static final int FIRST_STEP = 8;

  private UploadListing() {}

  /// What to list.
  ///
  /// @param incarnation the bucket
  /// @param prefix only keys that begin with it
  /// @param delimiter empty for none
  /// @param afterKey only what comes after this key; empty for all
  /// @param afterUpload and those of that key which were opened after this one
  /// @param maxEntries the most entries; 0 gives an empty last page
  public record Request(
      EntryDot incarnation,
      ByteString prefix,
      ByteString delimiter,
      ByteString afterKey,
      Optional<UploadName> afterUpload,
      int maxEntries) {}

  /// A line of the listing.
  public sealed interface Entry {}

  /// An upload.
  public record UploadEntry(OpenUpload upload) implements Entry {}

  /// Keys rolled into one.
  ///
  /// @param name what they share, the delimiter included
  public record CommonPrefix(ByteString name) implements Entry {}

  /// A page.
  ///
  /// @param entries in order
  /// @param truncated whether there is a page after this one, with at least one entry
  public record Page(List<Entry> entries, boolean truncated) {
    public Page {
      entries = List.copyOf(entries);
    }
  }

  /// Reads a page.
  public static Page page(IndexView view, Request request) {
    List<Entry> entries = new ArrayList<>();
    if (request.maxEntries() == 0) {
      return new Page(entries, false);
    }
    KeyRange range = range(request);
    int step = request.delimiter().isEmpty() ? STEP : FIRST_STEP;
    while (!range.isEmpty()) {
      List<RowEntry> rows = view.scan(range.from(), range.to(), step);
      RowKey next = rows.size() < step ? range.to() : IndexKeys.after(rows.getLast().key());
      for (RowEntry row : rows) {
        if (entries.size() == request.maxEntries()) {
          return new Page(entries, true);
        }
        ByteString common =
            Listing.commonPrefix(
                request.prefix(), request.delimiter(), UploadKeys.parseKey(row.key()));
        if (common != null) {
          entries.add(new CommonPrefix(common));
          next = UploadKeys.uploadsOfPrefix(request.incarnation(), common).to();
          break;
        }
        entries.add(new UploadEntry(Uploads.upload(row)));
      }
      range = range.startingAt(next);
    }
    return new Page(entries, false);
  }

  private static KeyRange range(Request request) {
    KeyRange all = UploadKeys.uploadsOfPrefix(request.incarnation(), request.prefix());
    ByteString after = request.afterKey();
    if (after.isEmpty()) {
      return all;
    }
    ByteString common = Listing.commonPrefix(request.prefix(), request.delimiter(), after);
    if (common != null) {
      return all.startingAt(UploadKeys.uploadsOfPrefix(request.incarnation(), common).to());
    }
    return all.startingAt(
        request.afterUpload().isPresent()
            ? IndexKeys.after(
                UploadKeys.upload(request.incarnation(), after, request.afterUpload().get()))
            : UploadKeys.uploadsOfKey(request.incarnation(), after).to());
  }
}
