package skarb.node.service;

import skarb.node.content.BodyWriter;
import skarb.v1.Checksums;
import skarb.v1.Frame;
import skarb.v1.UploadAccepted;
import skarb.v1.UploadRequest;
import skarb.v1.UploadResponse;

/// The upload of an object.
final class ObjectUpload implements UploadStream<UploadRequest, UploadResponse> {
  private final ObjectWriter objects;

  ObjectUpload(ObjectWriter objects) {
    this.objects = objects;
  }

  private record Writing(ObjectWriter objects, ObjectWriter.Target target, BodyWriter writer)
      implements Opened<UploadResponse> {
    @Override
    public UploadResponse finish(Checksums expected) throws InterruptedException {
      return UploadResponse.newBuilder()
          .setResult(objects.commit(target, writer.finish(expected)))
          .build();
    }
  }

  @Override
  public Kind kind(UploadRequest message) {
    return switch (message.getMessageCase()) {
      case HEADER -> Kind.HEADER;
      case FRAME -> Kind.FRAME;
      case TRAILER -> Kind.TRAILER;
      case MESSAGE_NOT_SET -> Kind.NOTHING;
    };
  }

  @Override
  public Opened<UploadResponse> open(UploadRequest header) {
    ObjectWriter.Target target = objects.begin(header.getHeader(), CallLimits.MAX_UPLOAD_BYTES);
    return new Writing(objects, target, objects.open(target));
  }

  @Override
  public Frame frame(UploadRequest message) {
    return message.getFrame();
  }

  @Override
  public Checksums expected(UploadRequest trailer) {
    return trailer.getTrailer().getExpected();
  }

  @Override
  public UploadResponse accepted() {
    return UploadResponse.newBuilder().setAccepted(UploadAccepted.getDefaultInstance()).build();
  }
}
