package skarb.node;

import io.grpc.BindableService;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import skarb.node.access.Authorizer;
import skarb.node.access.CallSignature;
import skarb.node.access.CatalogAccessKeys;
import skarb.node.access.NodeSecrets;
import skarb.node.access.SecretBox;
import skarb.node.access.SignatureVerifier;
import skarb.node.access.Tokens;
import skarb.node.certs.PeerIdentity;
import skarb.node.content.BodyBudget;
import skarb.node.content.ContentConfig;
import skarb.node.index.Catalog;
import skarb.node.joining.Admission;
import skarb.node.joining.Invitations;
import skarb.node.joining.JoinSteps;
import skarb.node.joining.Joiner;
import skarb.node.joining.LocalRealm;
import skarb.node.model.Seams;
import skarb.node.peers.LinkStatuses;
import skarb.node.service.AccessService;
import skarb.node.service.AdminService;
import skarb.node.service.Bodies;
import skarb.node.service.BodyWait;
import skarb.node.service.BucketsService;
import skarb.node.service.CallLimits;
import skarb.node.service.CertificatesService;
import skarb.node.service.ChunksService;
import skarb.node.service.GrpcServers;
import skarb.node.service.JoiningService;
import skarb.node.service.MultipartService;
import skarb.node.service.NodeStatus;
import skarb.node.service.ObjectsService;
import skarb.node.service.OplogService;
import skarb.node.service.PeersService;
import skarb.node.service.ReplicationService;

/// The gRPC services over what lies on disk, and the servers that carry them.
final class Services {
  /// How long a read waits for bytes that another site wrote.
  private static final Duration BODY_PATIENCE = Duration.ofSeconds(5);

  private Services() {}

  /// What a node serves.
  ///
  /// @param servers carry it
  /// @param forPeers what other sites are served, and nothing else
  /// @param realm told where they come to
  /// @param joiner finishes what was interrupted
  record Served(
      GrpcServers servers, List<BindableService> forPeers, LocalRealm realm, Joiner joiner) {}

  /// The file in which a joining that was begun is kept, and its magic.
  static final String JOIN_FILE = "join";

  static final int JOINING = 0x536b4a6f; // SkJo

  private static final int INVITATIONS = 0x536b496e; // SkIn

  static Served over(
      Storage storage,
      ContentConfig content,
      Seams seams,
      NodeStatus status,
      LinkStatuses links,
      long maxHeapBytes)
      throws IOException {
    Catalog catalog = new Catalog(storage.index());
    NodeSecrets secrets = storage.secrets();
    CatalogAccessKeys keys = new CatalogAccessKeys(catalog);
    SecretBox box = SecretBox.of(storage.keyring(), seams.random());
    SignatureVerifier verifier = new SignatureVerifier(keys, box);
    Tokens tokens = new Tokens(secrets.nodeKey(), seams.clock(), seams.random());
    Authorizer authorizer =
        new Authorizer(
            keys,
            new CallSignature(verifier, seams.clock()),
            tokens,
            secrets.operatorToken(),
            new PeerIdentity(storage.certificates(), catalog, seams.clock()));
    CallLimits limits = CallLimits.usual().withinHeap(maxHeapBytes);
    BodyWait wait =
        (entry, about) -> storage.replication().arrivals().await(entry, BODY_PATIENCE, about);
    Bodies bodies =
        new Bodies(seams, content, storage.chunks(), BodyBudget.forHeap(maxHeapBytes), wait);
    OplogService oplog = new OplogService(storage.replication());
    ChunksService chunks =
        new ChunksService(seams, storage.chunks(), storage.replication().missing());
    LocalRealm realm = storage.realm(keys, box);
    Admission admission =
        new Admission(realm, new Invitations(storage.sealed("invitations", INVITATIONS), seams));
    Joiner joiner = new Joiner(seams, realm, storage.sealed(JOIN_FILE, JOINING), JoinSteps.NONE);
    List<BindableService> services =
        List.of(
            new ObjectsService(seams, limits, storage.index(), bodies, storage.commits()),
            new MultipartService(seams, limits, storage.index(), bodies, storage.commits()),
            new BucketsService(catalog, storage.commits()),
            new PeersService(
                storage.peers(), Optional.of(new PeersService.Membership(admission, joiner))),
            new CertificatesService(storage.certificates()),
            new ReplicationService(
                storage.replication(),
                storage.index(),
                storage.peers(),
                links,
                storage.commits(),
                wait),
            oplog,
            chunks,
            new AccessService(keys, box, verifier, tokens, storage.commits(), seams.random()),
            new AdminService(Node.version(), limits, status, storage.commits(), catalog));
    return new Served(
        new GrpcServers(seams, authorizer, limits, services),
        List.of(oplog, chunks, new JoiningService(admission)),
        realm,
        joiner);
  }
}
