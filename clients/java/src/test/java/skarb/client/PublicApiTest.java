package skarb.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PublicApiTest {
  @Test
  void nothingOfAnotherLibraryShows() throws Exception {
    Set<String> foreign = new TreeSet<>();
    List<Class<?>> open = publicClasses();
    assertThat(open).contains(SkarbClient.class, SkarbException.NotFound.class);
    for (Class<?> type : open) {
      List<Executable> members = new ArrayList<>(Arrays.asList(type.getDeclaredMethods()));
      members.addAll(Arrays.asList(type.getDeclaredConstructors()));
      for (Executable member : members) {
        if (!Modifier.isPublic(member.getModifiers()) || member.isSynthetic()) {
          continue;
        }
        Stream<Type> types = Arrays.stream(member.getGenericParameterTypes());
        if (member instanceof java.lang.reflect.Method method) {
          types = Stream.concat(types, Stream.of(method.getGenericReturnType()));
        }
        types.forEach(each -> collect(each, type + ": " + member, foreign));
      }
    }
    assertThat(foreign).isEmpty();
  }

  private static List<Class<?>> publicClasses() throws Exception {
    Path classes =
        Path.of(SkarbClient.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Class<?>> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(classes.resolve("skarb/client"))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class") && !name.equals("package-info.class")) {
          Class<?> type = Class.forName("skarb.client." + name.replace(".class", ""));
          if (isOpen(type)) {
            found.add(type);
          }
        }
      }
    }
    return found;
  }

  private static boolean isOpen(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return Modifier.isPublic(type.getModifiers()) && (outer == null || isOpen(outer));
  }

  private static void collect(Type type, String where, Set<String> foreign) {
    if (type instanceof ParameterizedType generic) {
      collect(generic.getRawType(), where, foreign);
      for (Type argument : generic.getActualTypeArguments()) {
        collect(argument, where, foreign);
      }
    } else if (type instanceof WildcardType wildcard) {
      for (Type bound : wildcard.getUpperBounds()) {
        collect(bound, where, foreign);
      }
    } else if (type instanceof Class<?> plain) {
      Class<?> element = plain;
      while (element.isArray()) {
        element = element.getComponentType();
      }
      boolean known =
          element.isPrimitive()
              || element.getName().startsWith("java.")
              || element.getName().startsWith("javax.net.ssl.")
              || (element.getPackageName().equals("skarb.client") && isOpen(element));
      if (!known) {
        foreign.add(where + " shows " + element.getName());
      }
    }
  }
}
