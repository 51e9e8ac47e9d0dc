package skarb.s3.xml;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/// Writes a document of S3's. Unlike the JDK's writers it takes any text: keys may hold characters
/// that XML 1.0 cannot carry, and S3 writes these as character references (`&#x1;`), which its
/// clients read.
///
/// For one thread.
public final class XmlWriter {
  /// The namespace of S3's answers, except errors.
  static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

  /// What every document begins with.
  public static final ByteString DECLARATION =
      ByteString.copyFromUtf8("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final StringBuilder out;

  private XmlWriter(int capacity) {
    out = new StringBuilder(capacity);
    out.append(DECLARATION.toStringUtf8());
  }

  /// A document whose root is in S3's namespace and stays open until [#finish].
  static XmlWriter answer(String root, int capacity) {
    XmlWriter writer = new XmlWriter(capacity);
    writer.out.append('<').append(root).append(" xmlns=\"").append(NAMESPACE).append("\">");
    return writer;
  }

  /// A document whose root is in no namespace.
  static XmlWriter bare(String root) {
    XmlWriter writer = new XmlWriter(512);
    return writer.open(root);
  }

  XmlWriter open(String name) {
    out.append('<').append(name).append('>');
    return this;
  }

  XmlWriter close(String name) {
    out.append("</").append(name).append('>');
    return this;
  }

  /// An element with text, escaped.
  XmlWriter text(String name, String value) {
    open(name);
    escape(value);
    return close(name);
  }

  /// An element with text, or nothing at all.
  XmlWriter textIfPresent(String name, @Nullable String value) {
    return value == null ? this : text(name, value);
  }

  /// Text in the element that is open, escaped.
  XmlWriter characters(String value) {
    escape(value);
    return this;
  }

  XmlWriter number(String name, long value) {
    open(name);
    out.append(value);
    return close(name);
  }

  XmlWriter bool(String name, boolean value) {
    open(name);
    out.append(value);
    return close(name);
  }

  /// Ends the root and gives the document's bytes.
  ByteString finish(String root) {
    close(root);
    return ByteString.copyFromUtf8(out.toString());
  }

  private void escape(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        default -> {
          if (c < 0x20 || c == 0x7F || c == 0xFFFE || c == 0xFFFF) {
            reference(c);
          } else {
            out.append(c);
          }
        }
      }
    }
  }

  private void reference(char c) {
    out.append("&#x");
    boolean started = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
      int digit = (c >> shift) & 0xF;
      if (digit != 0 || started || shift == 0) {
        out.append(HEX[digit]);
        started = true;
      }
    }
    out.append(';');
  }
}
