package skarb.node.service;

import io.grpc.stub.StreamObserver;
import skarb.node.joining.Admission;
import skarb.v1.JoiningGrpc;
import skarb.v1.JoiningJoinRequest;
import skarb.v1.JoiningJoinResponse;

/// `skarb.v1.Joining`.
public final class JoiningService extends JoiningGrpc.JoiningImplBase {
  private final Admission admission;

  public JoiningService(Admission admission) {
    this.admission = admission;
  }

  @Override
  public void join(JoiningJoinRequest request, StreamObserver<JoiningJoinResponse> responses) {
    responses.onNext(admission.admit(request));
    responses.onCompleted();
  }
}
