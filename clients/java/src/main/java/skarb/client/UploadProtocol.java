package skarb.client;

import io.grpc.MethodDescriptor;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import skarb.v1.Checksums;
import skarb.v1.Frame;
import skarb.v1.MultipartGrpc;
import skarb.v1.ObjectsGrpc;
import skarb.v1.PartHeader;
import skarb.v1.PartInfo;
import skarb.v1.PutResult;
import skarb.v1.UploadHeader;
import skarb.v1.UploadPartRequest;
import skarb.v1.UploadPartResponse;
import skarb.v1.UploadRequest;
import skarb.v1.UploadResponse;
import skarb.v1.UploadTrailer;

/// What the messages of an upload are, of an object or of a part: the order is the same.
///
/// @param header the first message
/// @param result what an answer says was stored, where it says so
/// @param checksums the checksums of what was stored
record UploadProtocol<Q, A, R>(
    MethodDescriptor<Q, A> method,
    Q header,
    Function<Frame, Q> frame,
    Function<Checksums, Q> trailer,
    Predicate<A> accepted,
    Function<A, Optional<R>> result,
    Function<R, Checksums> checksums) {

  static UploadProtocol<UploadRequest, UploadResponse, PutResult> ofObject(UploadHeader header) {
    return new UploadProtocol<>(
        ObjectsGrpc.getUploadMethod(),
        UploadRequest.newBuilder().setHeader(header).build(),
        frame -> UploadRequest.newBuilder().setFrame(frame).build(),
        expected -> UploadRequest.newBuilder().setTrailer(trailerOf(expected)).build(),
        UploadResponse::hasAccepted,
        answer -> answer.hasResult() ? Optional.of(answer.getResult()) : Optional.empty(),
        PutResult::getChecksums);
  }

  static UploadProtocol<UploadPartRequest, UploadPartResponse, PartInfo> ofPart(PartHeader header) {
    return new UploadProtocol<>(
        MultipartGrpc.getUploadPartMethod(),
        UploadPartRequest.newBuilder().setHeader(header).build(),
        frame -> UploadPartRequest.newBuilder().setFrame(frame).build(),
        expected -> UploadPartRequest.newBuilder().setTrailer(trailerOf(expected)).build(),
        UploadPartResponse::hasAccepted,
        answer -> answer.hasResult() ? Optional.of(answer.getResult()) : Optional.empty(),
        PartInfo::getChecksums);
  }

  private static UploadTrailer trailerOf(Checksums expected) {
    return UploadTrailer.newBuilder().setExpected(expected).build();
  }
}
