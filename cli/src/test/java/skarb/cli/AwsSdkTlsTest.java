package skarb.cli;

import java.nio.file.Files;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import skarb.cli.wiring.ServerConfig.TlsFiles;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.utils.AttributeMap;

class AwsSdkTlsTest extends AwsSdkContract {
  @Override
  Optional<TlsFiles> tls() throws Exception {
    TlsFiles files = new TlsFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    if (!Files.exists(files.certificate())) {
      TestCertificate.write(files);
    }
    return Optional.of(files);
  }

  @Override
  SdkHttpClient httpClient() {
    return Apache5HttpClient.builder()
        .tlsTrustManagersProvider(
            () -> new TrustManager[] {TestCertificate.trusting(folder.resolve("cert.pem"))})
        .buildWithDefaults(
            AttributeMap.builder()
                .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, false)
                .build());
  }
}
