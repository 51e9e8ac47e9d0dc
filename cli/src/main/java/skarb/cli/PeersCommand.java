package skarb.cli;

import picocli.CommandLine.Command;

/// `skarb peers`: the sites that this one exchanges entries with.
@Command(
    name = "peers",
    description = "The sites that this one exchanges entries with.",
    mixinStandardHelpOptions = true,
    subcommands = {
      PeersInviteCommand.class,
      PeersJoinCommand.class,
      PeerCommands.Add.class,
      PeerCommands.Remove.class,
      PeerCommands.ListAll.class,
      PeerCommands.Status.class,
      PeerCommands.Pause.class,
      PeerCommands.Resume.class
    })
final class PeersCommand {}
