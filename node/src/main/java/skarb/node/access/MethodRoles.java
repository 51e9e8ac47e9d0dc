package skarb.node.access;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who may call what: the one table of methods and roles. A method that is not in it is closed to
/// everybody. What a role may do *within* a method (whose bucket it is, say) is judged there.
public final class MethodRoles {
  private static final Set<Role> ALL = EnumSet.of(Role.USER, Role.OPERATOR, Role.GATEWAY);
  private static final Set<Role> OPERATOR = EnumSet.of(Role.OPERATOR);
  private static final Set<Role> SITES = EnumSet.of(Role.SITE, Role.OPERATOR);
  private static final Set<Role> GATEWAY = EnumSet.of(Role.GATEWAY);
  private static final Set<Role> JOINERS = EnumSet.of(Role.JOINER);
  private static final Set<Role> NOT_GATEWAYS = EnumSet.of(Role.USER, Role.OPERATOR);

  private static final Map<String, Rule> TABLE = table();

  /// Who may call one method.
  ///
  /// @param without who needs no credentials at all
  /// @param roles a caller needs one of these
  /// @param onBehalf whether a gateway may call it on somebody's behalf
  public record Rule(Without without, Set<Role> roles, boolean onBehalf) {
    public Rule {
      roles = Collections.unmodifiableSet(EnumSet.copyOf(roles));
    }

    boolean allows(Set<Role> callersRoles) {
      return callersRoles.stream().anyMatch(roles::contains);
    }
  }

  /// Who needs no credentials.
  public enum Without {
    /// Nobody.
    NOBODY,
    /// Those on this machine.
    LOCAL,
    /// Everybody.
    EVERYBODY
  }

  private MethodRoles() {}

  /// The rule for a method; empty: closed.
  ///
  /// @param method the full name, `skarb.v1.Objects/Get`
  public static Optional<Rule> find(String method) {
    return Optional.ofNullable(TABLE.get(method));
  }

  /// The whole table, in its order.
  public static Map<String, Rule> all() {
    return TABLE;
  }

  private static Map<String, Rule> table() {
    Map<String, Rule> table = new LinkedHashMap<>();
    Rule data = new Rule(Without.NOBODY, ALL, true);
    put(
        table,
        "skarb.v1.Objects",
        data,
        "Put",
        "Upload",
        "Get",
        "Head",
        "GetRanges",
        "ListObjectParts",
        "Copy",
        "Delete",
        "DeleteBatch",
        "List",
        "ListAll",
        "ListVersions",
        "ListAllVersions");
    put(
        table,
        "skarb.v1.Multipart",
        data,
        "Create",
        "UploadPart",
        "CopyPart",
        "ListParts",
        "Complete",
        "Abort",
        "ListUploads");
    put(
        table,
        "skarb.v1.Buckets",
        data,
        "Create",
        "Get",
        "SetVersioning",
        "SetGuardedOverwrites",
        "Delete",
        "List");

    Rule operators = new Rule(Without.NOBODY, OPERATOR, false);
    Rule sites = new Rule(Without.NOBODY, SITES, false);
    put(table, "skarb.v1.Access", new Rule(Without.NOBODY, GATEWAY, false), "VerifySignature");
    put(
        table,
        "skarb.v1.Access",
        operators,
        "CreateKey",
        "ListKeys",
        "SetKeyEnabled",
        "DeleteKey",
        "CreateToken");
    put(table, "skarb.v1.Oplog", sites, "Sync", "Tail");
    put(table, "skarb.v1.Chunks", sites, "ListMissing", "FindMissing", "Fetch", "Push");
    put(
        table,
        "skarb.v1.Peers",
        operators,
        "Invite",
        "Join",
        "AddPeer",
        "RemovePeer",
        "ListPeers",
        "PausePeer",
        "ResumePeer");
    put(table, "skarb.v1.Certificates", operators, "Show", "Renew", "Issue", "Import");
    put(
        table,
        "skarb.v1.Replication",
        operators,
        "GetStatus",
        "ListConflicts",
        "GetConflict",
        "ResolveConflict",
        "ListPending",
        "ResetClock");
    put(table, "skarb.v1.Joining", new Rule(Without.NOBODY, JOINERS, false), "Join");
    put(table, "skarb.v1.Admin", new Rule(Without.NOBODY, ALL, false), "GetCapabilities");
    put(table, "skarb.v1.Admin", operators, "GetStatus", "SetMember");

    Rule open = new Rule(Without.EVERYBODY, ALL, false);
    put(table, "grpc.health.v1.Health", open, "Check", "Watch");
    Rule reflection = new Rule(Without.LOCAL, NOT_GATEWAYS, false);
    put(table, "grpc.reflection.v1.ServerReflection", reflection, "ServerReflectionInfo");
    put(
        table,
        "grpc.channelz.v1.Channelz",
        operators,
        "GetTopChannels",
        "GetServers",
        "GetServer",
        "GetServerSockets",
        "GetChannel",
        "GetSubchannel",
        "GetSocket");
    return Collections.unmodifiableMap(table);
  }

  private static void put(Map<String, Rule> table, String service, Rule rule, String... methods) {
    for (String method : methods) {
      table.put(service + "/" + method, rule);
    }
  }
}
