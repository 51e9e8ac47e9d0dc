package skarb.s3.xml;

import com.ctc.wstx.api.WstxInputProperties;
import com.ctc.wstx.stax.WstxInputFactory;
import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;

/// Reads small documents that strangers sent: no DTD, no entities but XML's own five, limits on
/// depth and on the number of elements. Namespaces are not looked at, since clients send documents
/// with and without. Safe for many threads.
final class SafeXml {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_ELEMENTS = 20_000;

  /// The most elements that any document may have.
  static final int MOST_ELEMENTS = 60_001;

  private static final int MAX_ATTRIBUTES = 16;
  private static final XMLInputFactory FACTORY = factory();

  private SafeXml() {}

  /// An element: its local name, and its children or its text.
  record Element(String name, String text, List<Element> children) {

    /// The first child of a name.
    Optional<Element> child(String childName) {
      for (Element child : children) {
        if (child.name().equals(childName)) {
          return Optional.of(child);
        }
      }
      return Optional.empty();
    }

    /// The text of the first child of a name.
    Optional<String> childText(String childName) {
      return child(childName).map(Element::text);
    }
  }

  /// Reads a document.
  ///
  /// @param root what its root must be called
  /// @throws S3Exception MalformedXML for anything else
  static Element parse(ByteString document, String root) {
    return parse(document, root, MAX_ELEMENTS);
  }

  /// Reads a document that may be larger than most.
  ///
  /// @param maxElements how many elements it may have, up to [#MOST_ELEMENTS]
  /// @throws S3Exception MalformedXML for anything else
  static Element parse(ByteString document, String root, int maxElements) {
    try {
      Element element = read(document, maxElements);
      if (!element.name().equals(root)) {
        throw malformed();
      }
      return element;
    } catch (XMLStreamException e) {
      throw malformed();
    }
  }

  static S3Exception malformed() {
    return new S3Exception(S3Error.MALFORMED_XML);
  }

  private static Element read(ByteString document, int maxElements) throws XMLStreamException {
    XMLStreamReader reader = FACTORY.createXMLStreamReader(document.newInput());
    Deque<Open> stack = new ArrayDeque<>();
    int elements = 0;
    Element root = null;
    try {
      while (reader.hasNext()) {
        switch (reader.next()) {
          case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE -> throw malformed();
          case XMLStreamConstants.START_ELEMENT -> {
            if (++elements > maxElements || stack.size() >= MAX_DEPTH) {
              throw malformed();
            }
            stack.push(new Open(reader.getLocalName()));
          }
          case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
            if (!stack.isEmpty()) {
              stack.element().text.append(reader.getText());
            }
          }
          case XMLStreamConstants.END_ELEMENT -> {
            Element done = stack.pop().close();
            if (stack.isEmpty()) {
              root = done;
            } else {
              stack.element().children.add(done);
            }
          }
          default -> {} // comments, processing instructions, the prolog
        }
      }
    } finally {
      reader.close();
    }
    if (root == null) {
      throw malformed();
    }
    return root;
  }

  private static XMLInputFactory factory() {
    WstxInputFactory factory = new WstxInputFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    factory.setProperty(WstxInputProperties.P_MAX_ELEMENT_DEPTH, MAX_DEPTH + 1);
    factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTES_PER_ELEMENT, MAX_ATTRIBUTES);
    factory.setProperty(WstxInputProperties.P_MAX_ELEMENT_COUNT, (long) MOST_ELEMENTS);
    return factory;
  }

  /// An element that is not over yet.
  private static final class Open {
    private final String name;
    private final StringBuilder text = new StringBuilder();
    private final List<Element> children = new ArrayList<>();

    Open(String name) {
      this.name = name;
    }

    Element close() {
      return new Element(name, children.isEmpty() ? text.toString() : "", List.copyOf(children));
    }
  }
}
