package skarb.s3.ops;

import java.util.Optional;
import skarb.v1.Frame;
import skarb.v1.PartInfo;
import skarb.v1.PutResult;
import skarb.v1.UploadPartRequest;
import skarb.v1.UploadPartResponse;
import skarb.v1.UploadRequest;
import skarb.v1.UploadResponse;
import skarb.v1.UploadTrailer;

/// The messages of one kind of streamed upload: objects and parts travel alike, each in messages of
/// its own.
///
/// @param <ReqT> the messages that are sent
/// @param <RespT> the messages that come back
/// @param <ResultT> what was stored
interface UploadMessages<ReqT, RespT, ResultT> {
  /// Those of whole objects.
  UploadMessages<UploadRequest, UploadResponse, PutResult> OBJECT =
      new UploadMessages<>() {
        @Override
        public UploadRequest frame(Frame frame) {
          return UploadRequest.newBuilder().setFrame(frame).build();
        }

        @Override
        public UploadRequest trailer(UploadTrailer trailer) {
          return UploadRequest.newBuilder().setTrailer(trailer).build();
        }

        @Override
        public boolean accepted(UploadResponse message) {
          return message.hasAccepted();
        }

        @Override
        public Optional<PutResult> result(UploadResponse message) {
          return message.hasResult() ? Optional.of(message.getResult()) : Optional.empty();
        }
      };

  /// Those of parts.
  UploadMessages<UploadPartRequest, UploadPartResponse, PartInfo> PART =
      new UploadMessages<>() {
        @Override
        public UploadPartRequest frame(Frame frame) {
          return UploadPartRequest.newBuilder().setFrame(frame).build();
        }

        @Override
        public UploadPartRequest trailer(UploadTrailer trailer) {
          return UploadPartRequest.newBuilder().setTrailer(trailer).build();
        }

        @Override
        public boolean accepted(UploadPartResponse message) {
          return message.hasAccepted();
        }

        @Override
        public Optional<PartInfo> result(UploadPartResponse message) {
          return message.hasResult() ? Optional.of(message.getResult()) : Optional.empty();
        }
      };

  /// A piece of the body.
  ReqT frame(Frame frame);

  /// What ends it.
  ReqT trailer(UploadTrailer trailer);

  /// Whether a message says that the bytes may come.
  boolean accepted(RespT message);

  /// What was stored, where a message says so.
  Optional<ResultT> result(RespT message);
}
