package skarb.node.service;

import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import skarb.node.joining.Admission;
import skarb.node.joining.Invitations;
import skarb.node.joining.Joiner;
import skarb.node.model.NodeException;
import skarb.node.model.SiteId;
import skarb.node.peers.PeerRecord;
import skarb.node.peers.PeerRegistry;
import skarb.v1.AddPeerRequest;
import skarb.v1.AddPeerResponse;
import skarb.v1.ErrorReason;
import skarb.v1.ListPeersRequest;
import skarb.v1.ListPeersResponse;
import skarb.v1.PausePeerRequest;
import skarb.v1.PausePeerResponse;
import skarb.v1.Peer;
import skarb.v1.PeersGrpc;
import skarb.v1.PeersInviteRequest;
import skarb.v1.PeersInviteResponse;
import skarb.v1.PeersJoinRequest;
import skarb.v1.PeersJoinResponse;
import skarb.v1.RealmMember;
import skarb.v1.RemovePeerRequest;
import skarb.v1.RemovePeerResponse;
import skarb.v1.ResumePeerRequest;
import skarb.v1.ResumePeerResponse;

/// `skarb.v1.Peers`.
public final class PeersService extends PeersGrpc.PeersImplBase {
  private static final int SITE_ID_DIGITS = 8;

  private final PeerRegistry registry;
  private final Optional<Membership> membership;

  /// Invites and joins.
  ///
  /// @param admission makes invitations
  /// @param joiner takes them
  public record Membership(Admission admission, Joiner joiner) {}

  /// One that knows of no invitations.
  public PeersService(PeerRegistry registry) {
    this(registry, Optional.empty());
  }

  public PeersService(PeerRegistry registry, Optional<Membership> membership) {
    this.registry = registry;
    this.membership = membership;
  }

  private Membership membership() {
    return membership.orElseThrow(() ->
        new NodeException(
            ErrorReason.ERROR_REASON_NOT_IMPLEMENTED, "this node takes no invitations"));
  }

  @Override
  public void invite(PeersInviteRequest request, StreamObserver<PeersInviteResponse> responses) {
    Duration ttl =
        request.hasTtl()
            ? Duration.ofSeconds(request.getTtl().getSeconds(), request.getTtl().getNanos())
            : Invitations.DEFAULT_TTL;
    Admission.Invited invited = membership().admission().invite(ttl, request.getAddress());
    responses.onNext(
        PeersInviteResponse.newBuilder()
            .setInvitation(invited.invitation().line())
            .setExpires(Answers.timestamp(invited.expiresMillis()))
            .build());
    responses.onCompleted();
  }

  @Override
  public void join(PeersJoinRequest request, StreamObserver<PeersJoinResponse> responses) {
    RealmMember other = membership().joiner().join(request.getInvitation());
    SiteId site = site("site_id", other.getSiteId());
    PeersJoinResponse.Builder response = PeersJoinResponse.newBuilder();
    registry.find(site).map(PeersService::toProto).ifPresent(response::setPeer);
    responses.onNext(response.build());
    responses.onCompleted();
  }

  @Override
  public void addPeer(AddPeerRequest request, StreamObserver<AddPeerResponse> responses) {
    SiteId site = site("peer.site_id", request.getPeer().getSiteId());
    Peer asked = request.getPeer();
    try {
      PeerRecord peer =
          new PeerRecord(
              site,
              asked.getName(),
              asked.getAddress(),
              registry.find(site).map(PeerRecord::paused).orElse(asked.getPaused()),
              asked.getBytesPerSecond());
      registry.put(peer);
    } catch (IllegalArgumentException e) {
      throw Requests.invalid("peer", String.valueOf(e.getMessage()));
    }
    responses.onNext(
        AddPeerResponse.newBuilder()
            .setPeer(registry.find(site).map(PeersService::toProto).orElse(asked))
            .build());
    responses.onCompleted();
  }

  @Override
  public void removePeer(RemovePeerRequest request, StreamObserver<RemovePeerResponse> responses) {
    if (!registry.remove(find(request.getPeer()).site())) {
      throw noSuch(request.getPeer());
    }
    responses.onNext(RemovePeerResponse.getDefaultInstance());
    responses.onCompleted();
  }

  @Override
  public void listPeers(ListPeersRequest request, StreamObserver<ListPeersResponse> responses) {
    ListPeersResponse.Builder response = ListPeersResponse.newBuilder();
    registry.all().forEach(each -> response.addPeers(toProto(each)));
    responses.onNext(response.build());
    responses.onCompleted();
  }

  @Override
  public void pausePeer(PausePeerRequest request, StreamObserver<PausePeerResponse> responses) {
    Peer peer = setPaused(request.getPeer(), true);
    responses.onNext(PausePeerResponse.newBuilder().setPeer(peer).build());
    responses.onCompleted();
  }

  @Override
  public void resumePeer(ResumePeerRequest request, StreamObserver<ResumePeerResponse> responses) {
    Peer peer = setPaused(request.getPeer(), false);
    responses.onNext(ResumePeerResponse.newBuilder().setPeer(peer).build());
    responses.onCompleted();
  }

  private Peer setPaused(String peer, boolean paused) {
    Optional<PeerRecord> now = registry.setPaused(find(peer).site(), paused);
    return toProto(now.orElseThrow(() -> noSuch(peer)));
  }

  private PeerRecord find(String peer) {
    return registry.find(peer).orElseThrow(() -> noSuch(peer));
  }

  private static NodeException noSuch(String peer) {
    return new NodeException(
        ErrorReason.ERROR_REASON_NO_SUCH_PEER,
        "no peer has this site id or name",
        Map.of("peer", peer));
  }

  private static Peer toProto(PeerRecord peer) {
    return Peer.newBuilder()
        .setSiteId(peer.site().toString())
        .setName(peer.name())
        .setAddress(peer.address())
        .setPaused(peer.paused())
        .setBytesPerSecond(peer.bytesPerSecond())
        .build();
  }

  /// A site by its id as texts have it.
  ///
  /// @param field named in the error
  static SiteId site(String field, String id) {
    try {
      if (id.length() == SITE_ID_DIGITS) {
        SiteId site = new SiteId(HexFormat.fromHexDigits(id));
        if (site.value() != 0) {
          return site;
        }
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw Requests.invalid(field, "a site's id is 8 hex digits");
  }
}
