package dev.polder.federation.arrow;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.ListVector;

/** Lists: add the elements to {@link #elements}, then {@link #end} the list. Not thread-safe. */
public final class ListColumn extends ColumnBuilder {
  private final Offsets offsets = new Offsets();
  private final ColumnBuilder elements;

  public ListColumn(ColumnBuilder elements) {
    this.elements = elements;
  }

  public ColumnBuilder elements() {
    return elements;
  }

  public void end() {
    empty();
    added();
  }

  @Override
  protected void empty() {
    offsets.add(elements.rows());
  }

  @Override
  public long bytes() {
    return elements.bytes() + 4L * rows();
  }

  @Override
  protected void fill(Buffers buffers, FieldVector vector) {
    offsets.fill(buffers, rows());
    elements.load(((ListVector) vector).getDataVector(), buffers.allocator());
  }
}
