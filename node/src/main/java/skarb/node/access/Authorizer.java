package skarb.node.access;

import java.util.Optional;
import skarb.node.access.Caller.GatewayCaller;
import skarb.node.access.Caller.JoinerCaller;
import skarb.node.access.Caller.KeyCaller;
import skarb.node.access.Caller.OperatorCaller;
import skarb.node.access.Caller.SiteCaller;
import skarb.node.model.NodeException;
import skarb.v1.CallContext;
import skarb.v1.ErrorReason;

/// Decides who makes a call and whether they may.
///
/// A call is admitted in three steps, each closed unless something opens it: the method stands in
/// [MethodRoles]; the caller is certain, by what came in with the call or by the way it came; the
/// caller has a role that the method wants. Keys are looked up anew with each call. Safe for any
/// thread.
public final class Authorizer {
  private static final String BEARER = "Bearer ";

  private final AccessKeys keys;
  private final CallSignature signatures;
  private final Tokens tokens;
  private final OperatorToken operatorToken;
  private final PeerTrust peers;

  /// @param keys the keys as they are
  public Authorizer(
      AccessKeys keys, CallSignature signatures, Tokens tokens, OperatorToken operatorToken) {
    this(keys, signatures, tokens, operatorToken, PeerTrust.NOBODY);
  }

  /// @param keys the keys as they are
  /// @param peers whom to believe to be a site
  public Authorizer(
      AccessKeys keys,
      CallSignature signatures,
      Tokens tokens,
      OperatorToken operatorToken,
      PeerTrust peers) {
    this.keys = keys;
    this.signatures = signatures;
    this.tokens = tokens;
    this.operatorToken = operatorToken;
    this.peers = peers;
  }

  /// Lets a call in.
  ///
  /// @return who makes it; empty only where the method wants nobody
  /// @throws NodeException UNAUTHENTICATED or PERMISSION_DENIED reasons
  public Optional<Caller> admit(CallHead head) {
    MethodRoles.Rule rule =
        MethodRoles.find(head.method())
            .orElseThrow(() -> roleDenied("this method is closed to everybody"));
    if (rule.without() == MethodRoles.Without.EVERYBODY) {
      return Optional.empty();
    }
    if (rule.without() == MethodRoles.Without.LOCAL
        && head.local()
        && head.transport() == TransportIdentity.NETWORK
        && head.authorization().isEmpty()) {
      return Optional.empty();
    }
    Caller caller = identify(head, rule);
    if (!rule.allows(caller.roles())) {
      if (head.transport() == TransportIdentity.PEER) {
        throw roleDenied("not allowed"); // a stranger learns no more
      }
      throw roleDenied("the caller's role does not include " + head.method());
    }
    return Optional.of(caller);
  }

  /// Checks, in the middle of a call, that a site that was let in is a member still.
  ///
  /// @throws NodeException ROLE_DENIED
  public void mustStillBe(SiteCaller caller) {
    if (!peers.isMember(caller.site())) {
      throw roleDenied("not allowed");
    }
  }

  private Caller identify(CallHead head, MethodRoles.Rule rule) {
    return switch (head.transport()) {
      case GATEWAY -> new GatewayCaller(principal(head, rule));
      case OPERATOR -> {
        mustNotPassOn(head);
        yield new OperatorCaller();
      }
      case NETWORK -> {
        Caller caller = byCredentials(head);
        if (caller instanceof GatewayCaller) {
          yield new GatewayCaller(principal(head, rule));
        }
        mustNotPassOn(head);
        yield caller;
      }
      case PEER -> {
        mustNotPassOn(head);
        yield peers
            .member(head.certificates())
            .<Caller>map(SiteCaller::new)
            .orElseGet(JoinerCaller::new);
      }
    };
  }

  /// Whoever is not a gateway and passes on a context believes to be one: its own rights must not
  /// stand in for those of the caller it speaks for.
  private static void mustNotPassOn(CallHead head) {
    if (head.context().isPresent()) {
      throw roleDenied("skarb-context-bin is for gateways");
    }
  }

  private Optional<KeyCaller> principal(CallHead head, MethodRoles.Rule rule) {
    Optional<CallContext> context = head.context().filter(CallContext::hasAccessKeyId);
    if (context.isEmpty()) {
      return Optional.empty();
    }
    if (!rule.onBehalf()) {
      throw roleDenied("a gateway may not call " + head.method() + " on anybody's behalf");
    }
    StoredKey key = unchanged(context.get().getAccessKeyId(), context.get().getKeyGeneration());
    if (key.key().getGateway()) {
      throw accessDenied("a gateway's key owns nothing and makes no requests of its own");
    }
    return Optional.of(keyCaller(key));
  }

  /// Who calls, by what the call brings. A refusal says that it is about these credentials: a
  /// gateway must not take it for one of the caller that it speaks for.
  private Caller byCredentials(CallHead head) {
    try {
      return judged(head);
    } catch (NodeException e) {
      e.metadata().put("credentials", "call");
      throw e;
    }
  }

  private Caller judged(CallHead head) {
    String authorization =
        head.authorization()
            .orElseThrow(() ->
                new NodeException(
                    ErrorReason.ERROR_REASON_CREDENTIALS_MISSING, "the call has no credentials"));
    if (CallSignature.isSignature(authorization)) {
      return caller(signatures.verify(head, authorization));
    }
    if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw malformed("the authorization is neither a signature nor a bearer token");
    }
    String token = authorization.substring(BEARER.length()).strip();
    if (OperatorToken.hasForm(token)) {
      if (!head.local() || !operatorToken.matches(token)) {
        throw malformed("the token is not one that this node takes here");
      }
      return new OperatorCaller();
    }
    Tokens.Claims claims = tokens.open(token);
    return caller(unchanged(claims.accessKeyId(), claims.generation()));
  }

  private StoredKey unchanged(String accessKeyId, long generation) {
    return keys.find(accessKeyId)
        .filter(key -> key.enabled() && key.generation() == generation)
        .orElseThrow(() ->
            new NodeException(
                ErrorReason.ERROR_REASON_KEY_CHANGED,
                "the access key was disabled, deleted or changed"));
  }

  private static Caller caller(StoredKey key) {
    return key.key().getGateway() ? new GatewayCaller(Optional.empty()) : keyCaller(key);
  }

  private static KeyCaller keyCaller(StoredKey key) {
    return new KeyCaller(
        key.accessKeyId(), key.generation(), key.userId(), key.key().getOperator());
  }

  /// On whose behalf objects and buckets are touched.
  ///
  /// @throws NodeException ACCESS_DENIED for a caller who owns nothing: an anonymous one, the
  ///   operator
  public static KeyCaller requirePrincipal(Caller caller) {
    return caller
        .principal()
        .orElseThrow(() -> accessDenied("the caller owns no buckets and was given access to none"));
  }

  /// Checks that a bucket may be reached: until there are policies, by its owner's keys alone.
  ///
  /// @throws NodeException ACCESS_DENIED
  public static void requireOwner(KeyCaller principal, String ownerId) {
    if (!principal.userId().equals(ownerId)) {
      throw accessDenied("the bucket belongs to somebody else");
    }
  }

  private static NodeException accessDenied(String message) {
    return new NodeException(ErrorReason.ERROR_REASON_ACCESS_DENIED, message);
  }

  private static NodeException roleDenied(String message) {
    return new NodeException(ErrorReason.ERROR_REASON_ROLE_DENIED, message);
  }

  private static NodeException malformed(String message) {
    return new NodeException(ErrorReason.ERROR_REASON_CREDENTIALS_MALFORMED, message);
  }
}
