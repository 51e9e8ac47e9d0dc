package skarb.node.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import skarb.node.index.Catalog;
import skarb.node.index.PendingEntry;
import skarb.node.model.EntryDot;
import skarb.node.model.Hlc;
import skarb.node.model.NodeException;
import skarb.node.model.OriginId;
import skarb.v1.Effect;
import skarb.v1.Entry;
import skarb.v1.ErrorReason;
import skarb.v1.ListPendingRequest;
import skarb.v1.ListPendingResponse;
import skarb.v1.PendingReport;

/// Shows entries that are logged and cannot act yet.
final class PendingReports {
  private static final int MOST = 1_000;
  private static final int POSITION_BYTES = 2 * Long.BYTES;
  private static final String LISTING = "pending";

  private final Catalog catalog;

  PendingReports(Catalog catalog) {
    this.catalog = catalog;
  }

  ListPendingResponse list(ListPendingRequest request) {
    int pageSize = Requests.pageSize(request.hasPageSize(), request.getPageSize(), MOST);
    EntryDot after =
        request.getPageToken().isEmpty()
            ? null
            : position(PageTokens.decode(LISTING, request.getPageToken()));
    List<PendingEntry> page = catalog.pending(after, pageSize);
    ListPendingResponse.Builder response = ListPendingResponse.newBuilder();
    page.forEach(each -> response.addEntries(show(each)));
    if (!page.isEmpty() && page.size() == pageSize) {
      response.setNextPageToken(PageTokens.encode(LISTING, position(page.getLast().dot())));
    }
    return response.build();
  }

  private static ByteString position(EntryDot dot) {
    ByteBuffer bytes = ByteBuffer.allocate(POSITION_BYTES);
    bytes.putLong(dot.origin().value()).putLong(dot.sequence());
    return ByteString.copyFrom(bytes.flip());
  }

  private static EntryDot position(ByteString token) {
    if (token.size() != POSITION_BYTES) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_INVALID_PAGE_TOKEN, "not a page token of this listing");
    }
    ByteBuffer bytes = token.asReadOnlyByteBuffer();
    return new EntryDot(new OriginId(bytes.getLong()), bytes.getLong());
  }

  private static PendingReport show(PendingEntry pending) {
    PendingReport.Builder report =
        PendingReport.newBuilder()
            .setSiteId(pending.dot().origin().site().toString())
            .setOrigin(pending.dot().origin().toString())
            .setSequence(pending.dot().sequence())
            .setReason(pending.row().getReason())
            .setSize(pending.row().getEntry().size());
    try {
      Entry entry = Entry.parseFrom(pending.row().getEntry());
      report.setStamp(Answers.timestamp(new Hlc(entry.getHeader().getHlc()).millis()));
      entry.getEffectsList().stream()
          .map(Effect::getEffectCase)
          .map(PendingReports::name)
          .distinct()
          .forEach(report::addEffects);
    } catch (InvalidProtocolBufferException e) {
      report.addEffects("unknown");
    }
    return report.build();
  }

  private static String name(Effect.EffectCase effect) {
    return effect == Effect.EffectCase.EFFECT_NOT_SET
        ? "unknown"
        : effect.name().toLowerCase(Locale.ROOT);
  }
}
