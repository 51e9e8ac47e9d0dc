package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import skarb.node.disk.CorruptFileException;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;

class StatusMapperTest {
  private static final Pattern DOCUMENTED =
      Pattern.compile(
          "// ([A-Z_]+)(?: or [A-Z_]+)?: .*\\n(?: *//.*\\n)* *(ERROR_REASON_[A-Z0-9_]+) =");

  @Test
  void everyReasonHasTheCodeThatTheProtocolDocuments() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    Matcher matcher =
        DOCUMENTED.matcher(
            Files.readString(Path.of("../proto/src/main/proto/skarb/v1/errors.proto")));
    while (matcher.find()) {
      documented.put(matcher.group(2), matcher.group(1));
    }
    for (ErrorReason reason : ErrorReason.values()) {
      if (reason != ErrorReason.UNRECOGNIZED && reason != ErrorReason.ERROR_REASON_UNSPECIFIED) {
        assertThat(StatusMapper.code(reason).name())
            .as(reason.name())
            .isEqualTo(documented.get(reason.name()));
      }
    }
  }

  @Test
  void reasonAndFactsTravelInTheDetails() {
    ErrorInfo info =
        info(
            new NodeException(
                ErrorReason.ERROR_REASON_NO_SUCH_KEY,
                "no such key",
                Map.of("bucket", "b", "key", "k")));
    assertThat(info.getReason()).isEqualTo("NO_SUCH_KEY");
    assertThat(info.getMetadataMap()).containsEntry("bucket", "b").containsEntry("key", "k");
  }

  @Test
  void whatNobodyForesawIsToldAsInternalAndNothingElse() {
    StatusRuntimeException failure = map(new IllegalStateException("/data/journal is odd"));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(failure.getMessage()).doesNotContain("/data");
    assertThat(failure.getStatus().getCause()).isNull();
    assertThat(Failures.info(failure).getMetadataMap()).containsEntry("request_id", "REQ");
    assertThat(map(new IOException("/data is gone")).getMessage()).doesNotContain("/data");
  }

  @Test
  void damagedFileIsDataLossWithoutItsPath() {
    StatusRuntimeException failure =
        map(new CorruptFileException(Path.of("/data/segments/1"), 4096, "a", "b"));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS);
    assertThat(Failures.info(failure).getReason()).isEqualTo("DATA_DAMAGED");
    assertThat(failure.getMessage()).doesNotContain("/data");
  }

  @Test
  void damageThatAReaderFoundIsToldWithoutItsPath() {
    StatusRuntimeException failure =
        map(
            new NodeException(
                ErrorReason.ERROR_REASON_DATA_DAMAGED,
                "/data/segments/1 at 7",
                Map.of("key", "k")));
    assertThat(failure.getMessage()).doesNotContain("/data");
    assertThat(Failures.info(failure).getMetadataMap()).containsEntry("key", "k");
  }

  @Test
  void faultThatAPartSawItselfIsToldLikeAnyOther() {
    StatusRuntimeException failure =
        map(
            new NodeException(
                ErrorReason.ERROR_REASON_INTERNAL, "odd", new IllegalStateException("hush")));
    assertThat(failure.toString()).doesNotContain("hush");
    assertThat(Failures.info(failure).getMetadataMap()).containsEntry("request_id", "REQ");
  }

  @Test
  void factsThatRepeatFarTooMuchAreCut() {
    ErrorInfo info =
        info(
            new NodeException(
                ErrorReason.ERROR_REASON_INVALID_BUCKET_NAME,
                "no",
                Map.of("bucket", "x".repeat(1_000_000))));
    assertThat(info.getMetadataMap().get("bucket")).hasSizeLessThan(1100);
  }

  private static ErrorInfo info(Throwable failure) {
    return Failures.info(map(failure));
  }

  private static StatusRuntimeException map(Throwable failure) {
    StatusMapper.Closing closing = StatusMapper.map(failure, "REQ");
    return new StatusRuntimeException(closing.status(), closing.trailers());
  }
}
