package skarb.s3.fake;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import skarb.v1.AbortUploadRequest;
import skarb.v1.AbortUploadResponse;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.ChecksumType;
import skarb.v1.Checksums;
import skarb.v1.CompleteUploadRequest;
import skarb.v1.CompleteUploadResponse;
import skarb.v1.CompletedPart;
import skarb.v1.CopyPartRequest;
import skarb.v1.CopyPartResponse;
import skarb.v1.CreateUploadRequest;
import skarb.v1.CreateUploadResponse;
import skarb.v1.ErrorReason;
import skarb.v1.ListPartsRequest;
import skarb.v1.ListPartsResponse;
import skarb.v1.ListUploadsRequest;
import skarb.v1.ListUploadsResponse;
import skarb.v1.MultipartGrpc;
import skarb.v1.PartHeader;
import skarb.v1.PartInfo;
import skarb.v1.UploadAccepted;
import skarb.v1.UploadHeader;
import skarb.v1.UploadInfo;
import skarb.v1.UploadPartRequest;
import skarb.v1.UploadPartResponse;

/// Uploads in parts in memory. Remembers what it was asked.
public final class FakeMultipart extends MultipartGrpc.MultipartImplBase {
  private static final Timestamp WRITTEN =
      Timestamp.newBuilder().setSeconds(FakeStore.WRITTEN.getEpochSecond()).build();

  private final FakeStore store;
  private final NavigableMap<String, Upload> uploads = new ConcurrentSkipListMap<>();
  private final List<Message> asked = new CopyOnWriteArrayList<>();

  private record Upload(UploadInfo info, NavigableMap<Integer, Part> parts) {}

  private record Part(PartInfo info, ByteString content) {}

  FakeMultipart(FakeStore store) {
    this.store = store;
  }

  /// The last request of a kind, or header of a part.
  public <T extends Message> T lastAsked(Class<T> kind) {
    for (Message message : asked.reversed()) {
      if (kind.isInstance(message)) {
        return kind.cast(message);
      }
    }
    throw new AssertionError("nobody asked a " + kind.getSimpleName());
  }

  private Upload upload(String id) {
    Upload upload = uploads.get(id);
    if (upload == null) {
      throw Errors.of(
          Status.Code.NOT_FOUND, ErrorReason.ERROR_REASON_NO_SUCH_UPLOAD, Map.of("upload_id", id));
    }
    return upload;
  }

  @Override
  public void create(CreateUploadRequest request, StreamObserver<CreateUploadResponse> out) {
    asked.add(request);
    FakeBuckets.answer(
        out,
        () -> {
          store.bucket(request.getBucket());
          boolean given =
              request.getChecksumAlgorithm() != ChecksumAlgorithm.CHECKSUM_ALGORITHM_UNSPECIFIED;
          boolean composite =
              given && request.getChecksumType() != ChecksumType.CHECKSUM_TYPE_FULL_OBJECT;
          UploadInfo info =
              UploadInfo.newBuilder()
                  .setKey(request.getKey())
                  .setUploadId("up" + (uploads.size() + 1))
                  .setInitiated(WRITTEN)
                  .setOwnerId("user-ANN")
                  .setOwnerDisplayName("Ann")
                  .setChecksumAlgorithm(request.getChecksumAlgorithm())
                  .setChecksumType(
                      composite
                          ? ChecksumType.CHECKSUM_TYPE_COMPOSITE
                          : ChecksumType.CHECKSUM_TYPE_FULL_OBJECT)
                  .build();
          uploads.put(info.getUploadId(), new Upload(info, new ConcurrentSkipListMap<>()));
          return CreateUploadResponse.newBuilder()
              .setUploadId(info.getUploadId())
              .setChecksumAlgorithm(
                  given
                      ? request.getChecksumAlgorithm()
                      : ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC64NVME)
              .setChecksumType(info.getChecksumType())
              .build();
        });
  }

  @Override
  public StreamObserver<UploadPartRequest> uploadPart(StreamObserver<UploadPartResponse> out) {
    return new PartUpload(out);
  }

  private final class PartUpload implements StreamObserver<UploadPartRequest> {
    private final StreamObserver<UploadPartResponse> out;
    private PartHeader header = PartHeader.getDefaultInstance();
    private ByteString content = ByteString.EMPTY;

    PartUpload(StreamObserver<UploadPartResponse> out) {
      this.out = out;
    }

    @Override
    public void onNext(UploadPartRequest message) {
      try {
        switch (message.getMessageCase()) {
          case HEADER -> {
            header = message.getHeader();
            asked.add(header);
            upload(header.getUploadId());
            out.onNext(
                UploadPartResponse.newBuilder()
                    .setAccepted(UploadAccepted.getDefaultInstance())
                    .build());
          }
          case FRAME -> content = content.concat(message.getFrame().getContent());
          case TRAILER -> {
            Checksums expected =
                header.getExpected().toBuilder()
                    .mergeFrom(message.getTrailer().getExpected())
                    .build();
            out.onNext(UploadPartResponse.newBuilder().setResult(take(expected)).build());
            out.onCompleted();
          }
          case MESSAGE_NOT_SET -> throw Errors.invalid(ErrorReason.ERROR_REASON_STREAM_PROTOCOL);
        }
      } catch (StatusRuntimeException e) {
        out.onError(e);
      }
    }

    private PartInfo take(Checksums expected) {
      if (header.getContentLength() != content.size()) {
        throw Errors.invalid(ErrorReason.ERROR_REASON_INCOMPLETE_BODY);
      }
      return put(header.getUploadId(), header.getPartNumber(), content, expected);
    }

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {}
  }

  private PartInfo put(String uploadId, int number, ByteString content, Checksums checksums) {
    ByteString md5 = FakeStore.digest("MD5", content);
    if (checksums.hasMd5() && !checksums.getMd5().equals(md5)) {
      throw Errors.invalid(ErrorReason.ERROR_REASON_MD5_MISMATCH);
    }
    PartInfo part =
        PartInfo.newBuilder()
            .setNumber(number)
            .setEtag(FakeStore.hex(md5))
            .setSize(content.size())
            .setChecksums(checksums.toBuilder().setMd5(md5))
            .setLastModified(WRITTEN)
            .build();
    upload(uploadId).parts().put(number, new Part(part, content));
    return part;
  }

  @Override
  public void copyPart(CopyPartRequest request, StreamObserver<CopyPartResponse> out) {
    asked.add(request);
    FakeBuckets.answer(
        out,
        () -> {
          ByteString source =
              store.get(request.getSource().getBucket(), request.getSource().getKey()).content();
          if (request.hasRange() && request.getRange().getLast() >= source.size()) {
            throw Errors.of(
                Status.Code.INVALID_ARGUMENT,
                ErrorReason.ERROR_REASON_INVALID_COPY_RANGE,
                Map.of("size", Integer.toString(source.size())));
          }
          ByteString content =
              request.hasRange()
                  ? source.substring(
                      (int) request.getRange().getFirst(), (int) request.getRange().getLast() + 1)
                  : source;
          Checksums crc =
              Checksums.newBuilder()
                  .setCrc64Nvme(ByteString.copyFrom(new byte[] {0, 1, 2, 3, 4, 5, 6, 7}))
                  .build();
          return CopyPartResponse.newBuilder()
              .setPart(put(request.getUploadId(), request.getPartNumber(), content, crc))
              .setSourceVersionId("v1")
              .build();
        });
  }

  @Override
  public void listParts(ListPartsRequest request, StreamObserver<ListPartsResponse> out) {
    asked.add(request);
    FakeBuckets.answer(
        out,
        () -> {
          Upload upload = upload(request.getUploadId());
          List<PartInfo> rest =
              upload.parts().tailMap(request.getAfterPartNumber(), false).values().stream()
                  .map(Part::info)
                  .toList();
          int count = Math.min(rest.size(), request.getPageSize());
          return ListPartsResponse.newBuilder()
              .setUpload(upload.info())
              .addAllParts(rest.subList(0, count))
              .setTruncated(count > 0 && count < rest.size())
              .build();
        });
  }

  @Override
  public void complete(CompleteUploadRequest request, StreamObserver<CompleteUploadResponse> out) {
    asked.add(request);
    FakeBuckets.answer(
        out,
        () -> {
          Upload upload = upload(request.getUploadId());
          ByteString content = ByteString.EMPTY;
          for (CompletedPart part : request.getPartsList()) {
            Part stored = upload.parts().get(part.getNumber());
            if (stored == null || !stored.info().getEtag().equals(part.getEtag())) {
              throw Errors.of(
                  Status.Code.INVALID_ARGUMENT,
                  ErrorReason.ERROR_REASON_INVALID_PART,
                  Map.of("part_number", Integer.toString(part.getNumber())));
            }
            content = content.concat(stored.content());
          }
          UploadHeader header =
              UploadHeader.newBuilder()
                  .setBucket(request.getBucket())
                  .setKey(request.getKey())
                  .setConditions(request.getConditions())
                  .build();
          return CompleteUploadResponse.newBuilder()
              .setResult(
                  store.put(header, content, Checksums.getDefaultInstance()).toBuilder()
                      .setEtag("e-" + request.getPartsCount())
                      .setChecksumType(upload.info().getChecksumType()))
              .build();
        });
  }

  @Override
  public void abort(AbortUploadRequest request, StreamObserver<AbortUploadResponse> out) {
    asked.add(request);
    FakeBuckets.answer(
        out,
        () -> {
          upload(request.getUploadId());
          uploads.remove(request.getUploadId());
          return AbortUploadResponse.getDefaultInstance();
        });
  }

  @Override
  public void listUploads(ListUploadsRequest request, StreamObserver<ListUploadsResponse> out) {
    asked.add(request);
    FakeBuckets.answer(
        out,
        () -> {
          store.bucket(request.getBucket());
          ListUploadsResponse.Builder page =
              ListUploadsResponse.newBuilder().addCommonPrefixes("dir/ \u0001");
          uploads.values().stream()
              .limit(request.getPageSize())
              .forEach(upload -> page.addUploads(upload.info()));
          if (page.getUploadsCount() < uploads.size() && request.getPageSize() > 0) {
            UploadInfo last = page.getUploads(page.getUploadsCount() - 1);
            page.setTruncated(true)
                .setNextKeyMarker(last.getKey())
                .setNextUploadIdMarker(last.getUploadId());
          }
          return page.build();
        });
  }
}
