package skarb.client;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;

/// When a call that failed may be tried again.
enum Repeat {
  /// Never: done twice it would do another thing than once.
  NEVER,
  /// Only where the failure says that nothing was done: with a write condition, a second attempt
  /// after one that did succeed would be told that the condition does not hold.
  IF_REFUSED,
  /// Whatever came of it.
  ALWAYS;

  /// By the idempotency level that the protocol gives the method.
  static Repeat of(MethodDescriptor<?, ?> method) {
    return method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier schema
            && schema.getMethodDescriptor().getOptions().getIdempotencyLevel()
                != IdempotencyLevel.IDEMPOTENCY_UNKNOWN
        ? ALWAYS
        : NEVER;
  }

  /// Of a write that could be repeated but for its condition.
  Repeat under(WriteCondition condition) {
    return this == ALWAYS && !condition.isNone() ? IF_REFUSED : this;
  }
}
