/// S3's documents, one codec each. In: bytes that strangers sent, or what the node answered. Out:
/// records, or bytes. First to read: [skarb.s3.xml.XmlWriter] and `SafeXml`, the two that all
/// codecs stand on. No threads, no locks, no state.
@NullMarked
package skarb.s3.xml;

import org.jspecify.annotations.NullMarked;
