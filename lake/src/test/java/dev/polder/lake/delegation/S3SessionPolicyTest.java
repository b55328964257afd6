package dev.polder.lake.delegation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class S3SessionPolicyTest {
  private static final String OWN = "s3://bucket/w/acme/1/t1/";

  @Test
  void aReaderGetsNothingThatWrites() {
    assertThat(S3SessionPolicy.of(new Reach(List.of(OWN), List.of(), false), "aws"))
        .contains("\"arn:aws:s3:::bucket/w/acme/1/t1/*\"", "\"w/acme/1/t1/*\"")
        .doesNotContain("Put", "Delete", "Abort");
  }

  @Test
  void aWriterPutsIntoItsOwnDirectoryAndDeletesNothing() {
    String policy =
        S3SessionPolicy.of(new Reach(List.of(OWN), List.of("s3://other/w/t2/"), true), "aws-cn");
    assertThat(policy)
        .contains(
            "{\"Effect\":\"Allow\",\"Action\":[\"s3:PutObject\",\"s3:AbortMultipartUpload\"],"
                + "\"Resource\":[\"arn:aws-cn:s3:::bucket/w/acme/1/t1/*\"]}",
            "{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:GetObjectVersion\"],"
                + "\"Resource\":[\"arn:aws-cn:s3:::bucket/w/acme/1/t1/*\","
                + "\"arn:aws-cn:s3:::other/w/t2/*\"]}",
            "\"s3:prefix\":[\"w/acme/1/t1/*\"]")
        .doesNotContain("s3:Delete");
  }

  @Test
  void wildcardsAndVariablesInNamesMeanThemselves() {
    assertThat(
            S3SessionPolicy.of(
                new Reach(List.of("s3://bucket/a*b?/${aws:username}/\"x\"/"), List.of(), true),
                "aws"))
        .contains("bucket/a${*}b${?}/${$}{aws:username}/\\\"x\\\"/*\"")
        .doesNotContain("/${aws:username}", "a*b");
  }

  @Test
  void aDirectoryEndsWithASlash() {
    assertThatThrownBy(() -> new Reach(List.of("s3://bucket/t1"), List.of(), false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
