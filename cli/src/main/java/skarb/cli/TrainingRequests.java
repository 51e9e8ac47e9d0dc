package skarb.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import skarb.cli.wiring.HostPort;
import skarb.cli.wiring.SkarbServer;

/// The requests of a training run: what tells readiness, and one that is refused. Over a plain
/// socket: what else needs classes of a client is in [TrainingCommands].
final class TrainingRequests {
  private TrainingRequests() {}

  static void run(SkarbServer server) throws IOException {
    request(server.s3Address(), "/health/ready");
    request(server.s3Address(), "/");
  }

  private static void request(InetSocketAddress address, String path) throws IOException {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      String request =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: "
              + HostPort.text(address)
              + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      while (reader.readLine() != null) {
        // To the end.
      }
    }
  }
}
