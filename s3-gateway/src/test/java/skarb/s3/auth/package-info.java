@NullMarked
package skarb.s3.auth;

import org.jspecify.annotations.NullMarked;
