package skarb.node.service;

import skarb.node.content.BodyWriter;
import skarb.v1.Checksums;
import skarb.v1.Frame;
import skarb.v1.UploadAccepted;
import skarb.v1.UploadPartRequest;
import skarb.v1.UploadPartResponse;

/// The upload of a part.
final class PartUpload implements UploadStream<UploadPartRequest, UploadPartResponse> {
  private final PartWriter parts;

  PartUpload(PartWriter parts) {
    this.parts = parts;
  }

  private record Writing(PartWriter parts, PartWriter.Target target, BodyWriter writer)
      implements Opened<UploadPartResponse> {
    @Override
    public UploadPartResponse finish(Checksums expected) throws InterruptedException {
      target.checksums().mustBeOfUpload(expected);
      return UploadPartResponse.newBuilder()
          .setResult(parts.commit(target, writer.finish(expected)))
          .build();
    }
  }

  @Override
  public Kind kind(UploadPartRequest message) {
    return switch (message.getMessageCase()) {
      case HEADER -> Kind.HEADER;
      case FRAME -> Kind.FRAME;
      case TRAILER -> Kind.TRAILER;
      case MESSAGE_NOT_SET -> Kind.NOTHING;
    };
  }

  @Override
  public Opened<UploadPartResponse> open(UploadPartRequest header) {
    PartWriter.Target target = parts.begin(header.getHeader());
    return new Writing(parts, target, parts.open(target));
  }

  @Override
  public Frame frame(UploadPartRequest message) {
    return message.getFrame();
  }

  @Override
  public Checksums expected(UploadPartRequest trailer) {
    return trailer.getTrailer().getExpected();
  }

  @Override
  public UploadPartResponse accepted() {
    return UploadPartResponse.newBuilder().setAccepted(UploadAccepted.getDefaultInstance()).build();
  }
}
