/// Tests of documents.
@NullMarked
package skarb.s3.xml;

import org.jspecify.annotations.NullMarked;
