package skarb.node.service;

import com.google.protobuf.Duration;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import skarb.node.commit.CommitPipeline;
import skarb.node.commit.Mutation;
import skarb.node.commit.Submission;
import skarb.node.index.Catalog;
import skarb.node.model.ObjectKey;
import skarb.v1.AdminGrpc;
import skarb.v1.GetCapabilitiesRequest;
import skarb.v1.GetCapabilitiesResponse;
import skarb.v1.GetStatusRequest;
import skarb.v1.GetStatusResponse;
import skarb.v1.Limits;
import skarb.v1.MemberValue;
import skarb.v1.SetMemberRequest;
import skarb.v1.SetMemberResponse;

/// `skarb.v1.Admin`.
public final class AdminService extends AdminGrpc.AdminImplBase {
  private static final int PROTOCOL_VERSION = 1;
  private static final int MAX_MEMBER_BYTES = 512;
  private static final List<String> CHECKSUMS =
      List.of("MD5", "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256");
  private static final List<String> SERVICES =
      List.of("skarb.v1.Objects", "skarb.v1.Buckets", "skarb.v1.Access", "skarb.v1.Admin");

  private final String version;
  private final CallLimits limits;
  private final NodeStatus status;
  private final CommitPipeline commits;
  private final Catalog catalog;

  /// @param version the server's version, for people
  /// @param limits the bounds of calls
  /// @param status the node's state
  /// @param commits takes changes
  /// @param catalog what there is
  public AdminService(
      String version,
      CallLimits limits,
      NodeStatus status,
      CommitPipeline commits,
      Catalog catalog) {
    this.commits = commits;
    this.catalog = catalog;
    this.version = version;
    this.limits = limits;
    this.status = status;
  }

  @Override
  public void getCapabilities(
      GetCapabilitiesRequest request, StreamObserver<GetCapabilitiesResponse> responses) {
    responses.onNext(
        GetCapabilitiesResponse.newBuilder()
            .setVersion(version)
            .setProtocolVersion(PROTOCOL_VERSION)
            .addAllServices(SERVICES)
            .setLimits(
                Limits.newBuilder()
                    .setMaxPutBytes(CallLimits.MAX_PUT_BYTES)
                    .setMaxUploadBytes(CallLimits.MAX_UPLOAD_BYTES)
                    .setMaxFrameBytes(CallLimits.MAX_FRAME_BYTES)
                    .setMaxKeyBytes(ObjectKey.MAX_BYTES)
                    .setMaxUserMetadataBytes(Requests.MAX_USER_METADATA_BYTES)
                    .setMaxPageSize(ObjectLister.MAX_PAGE_SIZE)
                    .setMaxDeleteBatch(ObjectDeleter.MAX_ITEMS)
                    .setDefaultDeadline(seconds(limits.defaultDeadline()))
                    .setIdleLimit(seconds(limits.idleLimit())))
            .addAllChecksumAlgorithms(CHECKSUMS)
            .build());
    responses.onCompleted();
  }

  @Override
  public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> responses) {
    GetStatusResponse now = status.now();
    responses.onNext(
        request.getWithLiveDigest()
            ? now.toBuilder().setLiveDigest(catalog.liveDigest().toString()).build()
            : now);
    responses.onCompleted();
  }

  @Override
  public void setMember(SetMemberRequest request, StreamObserver<SetMemberResponse> responses) {
    MemberValue member =
        MemberValue.newBuilder()
            .setName(request.getName())
            .setAddress(request.getAddress())
            .setLeft(request.getLeft())
            .build();
    if (member.getSerializedSize() > MAX_MEMBER_BYTES) {
      throw Requests.invalid("name", "a site's name and address are too long");
    }
    commits.commit(
        Submission.of(
            new Mutation.SetMember(PeersService.site("site_id", request.getSiteId()), member),
            Optional.empty()));
    responses.onNext(SetMemberResponse.getDefaultInstance());
    responses.onCompleted();
  }

  private static Duration seconds(java.time.Duration duration) {
    return Duration.newBuilder().setSeconds(duration.toSeconds()).build();
  }
}
