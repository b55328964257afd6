package dev.polder.benchmarks.tpch;

import dev.polder.benchmarks.harness.Progress;
import dev.polder.benchmarks.side.BareDuck;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** The eight tables as Parquet files, made once for each scale factor and kept. */
public final class TpchData {
  private TpchData() {}

  /** One table's file. */
  public record Table(String name, Path file) {}

  /** Makes what is not there yet. */
  public static List<Table> in(
      Path directory, BigDecimal scaleFactor, BareDuck duck, Progress progress) throws Exception {
    Path home = directory.resolve("tpch-sf" + scaleFactor.toPlainString());
    Files.createDirectories(home);
    List<Table> tables = new ArrayList<>();
    for (TpchTable<?> table : TpchTable.getTables()) {
      Path file = home.resolve(table.getTableName() + ".parquet");
      if (!Files.exists(file)) {
        progress.step("generating " + table.getTableName());
        generate(table, scaleFactor, file, duck);
      }
      tables.add(new Table(table.getTableName(), file));
    }
    return List.copyOf(tables);
  }

  private static <E extends TpchEntity> void generate(
      TpchTable<E> table, BigDecimal scaleFactor, Path file, BareDuck duck)
      throws Exception, IOException {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try (EntityReader<E> reader =
        new EntityReader<>(table, scaleFactor.doubleValue(), duck.allocator())) {
      duck.writeParquet(reader, partial);
    }
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
