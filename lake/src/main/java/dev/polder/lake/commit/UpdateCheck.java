package dev.polder.lake.commit;

import dev.polder.lake.LakeCollection;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/** Whether a table may become what another engine asks for; refuses by throwing. */
@FunctionalInterface
public interface UpdateCheck {
  /**
   * Asked for each version that a commit is tried on.
   *
   * @param base null for a new table
   * @param difference the files that the version brings and takes away
   */
  void check(
      LakeCollection table,
      @Nullable TableMetadata base,
      TableMetadata built,
      ContentDifference difference);
}
