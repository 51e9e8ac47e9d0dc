package skarb.junit;

import org.junit.jupiter.api.extension.ExtensionContext;

/// What a context's store closes when the context ends. Since JUnit 5.13 any `AutoCloseable` is;
/// before that, only what is of the type that is deprecated now.
@SuppressWarnings("deprecation")
interface AutoCloseableResource extends AutoCloseable, ExtensionContext.Store.CloseableResource {
  @Override
  void close();
}
