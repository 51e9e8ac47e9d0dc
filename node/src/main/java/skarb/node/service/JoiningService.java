package skarb.node.service;

import io.grpc.stub.StreamObserver;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;
import skarb.v1.JoiningGrpc;
import skarb.v1.JoiningJoinRequest;
import skarb.v1.JoiningJoinResponse;

/// `skarb.v1.Joining`.
public final class JoiningService extends JoiningGrpc.JoiningImplBase {
  @Override
  public void join(JoiningJoinRequest request, StreamObserver<JoiningJoinResponse> responses) {
    throw new NodeException(
        ErrorReason.ERROR_REASON_INVITATION_INVALID, "there is no such invitation");
  }
}
