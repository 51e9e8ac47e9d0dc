package skarb.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The name of a new, empty bucket, which belongs to [Skarb#accessKey]. On `String` parameters of
/// test methods, of lifecycle methods and constructors, and on `String` fields that are not final.
///
/// Each parameter gets a bucket of its own, and each field one for each test (a static field: one
/// for the class). What a test was given is deleted after it, with all objects, versions and open
/// uploads; what was given for a class, as to `@BeforeAll` and constructors, after the class.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.FIELD})
public @interface SkarbBucket {
  /// Whether the bucket keeps versions.
  boolean versioned() default false;
}
