package skarb.node.index;

import com.google.protobuf.ByteString;
import skarb.node.model.UploadName;
import skarb.v1.UploadValue;

/// An open upload in parts.
///
/// @param key the key that its object will have
/// @param name tells it from others of that key
/// @param value what is known of it
public record OpenUpload(ByteString key, UploadName name, UploadValue value) {}
