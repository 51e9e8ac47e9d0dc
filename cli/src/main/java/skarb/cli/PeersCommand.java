package skarb.cli;

import picocli.CommandLine.Command;

/// `skarb peers`: the sites that this one exchanges entries with.
@Command(
    name = "peers",
    description = "Join sites to one another.",
    mixinStandardHelpOptions = true,
    subcommands = {PeersInviteCommand.class, PeersJoinCommand.class})
final class PeersCommand {}
