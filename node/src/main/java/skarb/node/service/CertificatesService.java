package skarb.node.service;

import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import skarb.node.certs.Credentials;
import skarb.node.certs.Pem;
import skarb.node.certs.SiteCertificates;
import skarb.node.certs.SiteNames;
import skarb.v1.CertificateInfo;
import skarb.v1.CertificatesGrpc;
import skarb.v1.CertificatesImportRequest;
import skarb.v1.CertificatesImportResponse;
import skarb.v1.CertificatesIssueRequest;
import skarb.v1.CertificatesIssueResponse;
import skarb.v1.CertificatesRenewRequest;
import skarb.v1.CertificatesRenewResponse;
import skarb.v1.CertificatesShowRequest;
import skarb.v1.CertificatesShowResponse;

/// `skarb.v1.Certificates`.
public final class CertificatesService extends CertificatesGrpc.CertificatesImplBase {
  private final SiteCertificates certificates;

  public CertificatesService(SiteCertificates certificates) {
    this.certificates = certificates;
  }

  @Override
  public void show(
      CertificatesShowRequest request, StreamObserver<CertificatesShowResponse> responses) {
    Credentials known = known();
    CertificatesShowResponse.Builder response =
        CertificatesShowResponse.newBuilder()
            .setSite(info(known.certificate()))
            .setIssues(known.authorityKey().isPresent());
    known.authorities().forEach(each -> response.addAuthorities(info(each)));
    responses.onNext(response.build());
    responses.onCompleted();
  }

  private Credentials known() {
    try {
      return certificates.ensure();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static UncheckedIOException unwritable(IOException e) {
    return new UncheckedIOException("the certificates cannot be written", e);
  }

  @Override
  public void renew(
      CertificatesRenewRequest request, StreamObserver<CertificatesRenewResponse> responses) {
    try {
      responses.onNext(
          CertificatesRenewResponse.newBuilder()
              .setSite(info(certificates.renew().certificate()))
              .build());
    } catch (IOException e) {
      throw unwritable(e);
    }
    responses.onCompleted();
  }

  @Override
  public void issue(
      CertificatesIssueRequest request, StreamObserver<CertificatesIssueResponse> responses) {
    try {
      X509Certificate issued =
          certificates.issue(
              Pem.request(request.getRequest()),
              PeersService.site("site_id", request.getSiteId()),
              request.getSiteName(),
              request.getHost());
      responses.onNext(CertificatesIssueResponse.newBuilder().setCertificate(info(issued)).build());
    } catch (GeneralSecurityException e) {
      throw Requests.invalid("request", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw unwritable(e);
    }
    responses.onCompleted();
  }

  @Override
  public void import_(
      CertificatesImportRequest request, StreamObserver<CertificatesImportResponse> responses) {
    try {
      Credentials taken =
          certificates.adopt(
              Pem.certificates(request.getAuthorities()),
              request.getAuthorityKey().isEmpty()
                  ? Optional.empty()
                  : Optional.of(Pem.privateKey(request.getAuthorityKey())),
              own(request));
      responses.onNext(
          CertificatesImportResponse.newBuilder().setSite(info(taken.certificate())).build());
    } catch (GeneralSecurityException e) {
      throw Requests.invalid("import", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw unwritable(e);
    }
    responses.onCompleted();
  }

  private static Optional<SiteCertificates.Own> own(CertificatesImportRequest request)
      throws GeneralSecurityException {
    if (request.getCertificate().isEmpty() != request.getKey().isEmpty()) {
      throw Requests.invalid("certificate", "a certificate and its key go together");
    }
    if (request.getCertificate().isEmpty()) {
      return Optional.empty();
    }
    List<X509Certificate> chain = Pem.certificates(request.getCertificate());
    PrivateKey key = Pem.privateKey(request.getKey());
    return Optional.of(new SiteCertificates.Own(chain, key));
  }

  private static CertificateInfo info(X509Certificate certificate) {
    return CertificateInfo.newBuilder()
        .setSubject(certificate.getSubjectX500Principal().getName())
        .setSiteId(SiteNames.site(certificate).map(Object::toString).orElse(""))
        .setNotBefore(Answers.timestamp(certificate.getNotBefore().toInstant().toEpochMilli()))
        .setNotAfter(Answers.timestamp(certificate.getNotAfter().toInstant().toEpochMilli()))
        .setFingerprint(SiteNames.fingerprint(certificate))
        .setPem(Pem.text(certificate))
        .build();
  }
}
