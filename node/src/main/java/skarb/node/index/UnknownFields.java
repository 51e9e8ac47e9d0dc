package skarb.node.index;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks for what a message holds beyond what this release knows, however deep: a field, or the
/// value of an enum. Protobuf passes over both in silence; here they change what an entry means.
final class UnknownFields {
  private UnknownFields() {}

  /// What is unknown, or null where all is known.
  static @Nullable String find(Message message) {
    if (!message.getUnknownFields().asMap().isEmpty()) {
      return message.getDescriptorForType().getName()
          + " with field "
          + message.getUnknownFields().asMap().keySet().iterator().next();
    }
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      String unknown = findIn(message, field);
      if (unknown != null) {
        return unknown;
      }
    }
    return null;
  }

  private static @Nullable String findIn(Message message, FieldDescriptor field) {
    boolean nested = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    if (!nested && field.getJavaType() != FieldDescriptor.JavaType.ENUM) {
      return null;
    }
    if (!field.isRepeated()) {
      return nested && !message.hasField(field)
          ? null
          : findInValue(field, message.getField(field));
    }
    for (Object value : (List<?>) message.getField(field)) {
      String unknown = findInValue(field, value);
      if (unknown != null) {
        return unknown;
      }
    }
    return null;
  }

  private static @Nullable String findInValue(FieldDescriptor field, Object value) {
    if (value instanceof Message message) {
      return find(message);
    }
    // The descriptor of a number without a name stands in no list.
    return value instanceof EnumValueDescriptor constant && constant.getIndex() == -1
        ? field.getFullName() + " = " + constant.getNumber()
        : null;
  }
}
