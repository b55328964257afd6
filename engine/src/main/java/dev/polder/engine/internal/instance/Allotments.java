package dev.polder.engine.internal.instance;

import dev.polder.duck.InstanceLimits;
import dev.polder.engine.EngineOptions;
import dev.polder.engine.internal.instance.Ledger.Part;
import dev.polder.engine.internal.quota.Quotas;
import dev.polder.metastore.quota.QuotaBound;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Works out what each instance may take: all that its quotas leave, and when others have taken more
 * than an even part of a common limit, they give it back first. Guarded by its owner's lock.
 */
final class Allotments {
  /** Less than this is of no use to a statement. */
  private static final long LEAST_BYTES = 4L << 20;

  private final Quotas quotas;
  private final int threads;
  private final Ledger memory;
  private final Ledger temp;
  private long generation;

  Allotments(EngineOptions options, Quotas quotas) {
    this.quotas = quotas;
    this.threads = options.threads();
    this.memory =
        new Ledger(
            QuotaField.MAX_MEMORY_BYTES,
            options.memoryLimitBytes(),
            slot -> slot.allotment().limits().memoryBytes(),
            quotas);
    this.temp =
        new Ledger(
            QuotaField.MAX_TEMP_DISK_BYTES,
            options.maxTempBytes(),
            slot -> slot.allotment().limits().tempBytes(),
            quotas);
  }

  /** What an allotment depends on: quotas, instances, other servers. */
  record Stamp(long epoch, long generation, long round) {}

  /** An instance began or ended. */
  void changed() {
    generation++;
  }

  Stamp stamp(SpaceKey space) {
    return new Stamp(quotas.view(space).epoch(), generation, quotas.round());
  }

  /**
   * What the instance of a space may take.
   *
   * @param own it, when it runs already
   * @throws PolderException MEMORY_QUOTA_EXCEEDED when nothing is left
   */
  Allotment of(SpaceKey space, @Nullable Slot own, Collection<Slot> all) {
    List<Slot> others = all.stream().filter(slot -> slot != own).toList();
    List<SpaceKey> spaces = new ArrayList<>(others.stream().map(slot -> slot.space).toList());
    long even = memory.even(space, spaces).bytes();
    if (memory.left(space, others).bytes() < even
        || temp.left(space, others).bytes() < temp.even(space, spaces).bytes()) {
      for (Slot other : others) {
        List<SpaceKey> beside = new ArrayList<>(spaces);
        beside.remove(other.space);
        beside.add(space);
        shrink(other, beside);
      }
    }
    Part memoryPart = memory.left(space, others);
    Part tempPart = temp.left(space, others);
    QuotaBound bound = memoryPart.bound();
    if (bound != null && memoryPart.bytes() < Math.clamp(even, 1, LEAST_BYTES)) {
      throw bound.exceeded(ErrorCode.MEMORY_QUOTA_EXCEEDED, "no memory is left for the statement");
    }
    long most = quotas.view(space).least(QuotaField.MAX_THREADS).orElse(threads);
    return new Allotment(
        new InstanceLimits(
            memoryPart.bytes(), Math.toIntExact(Math.min(threads, most)), tempPart.bytes()),
        bound,
        tempPart.bound());
  }

  /** Takes what is more than its even part from an instance. */
  private void shrink(Slot slot, List<SpaceKey> beside) {
    Allotment now = slot.allotment();
    Part memoryPart = memory.even(slot.space, beside);
    Part tempPart = temp.even(slot.space, beside);
    long bytes = Math.min(now.limits().memoryBytes(), Math.max(1, memoryPart.bytes()));
    long disk = Math.min(now.limits().tempBytes(), tempPart.bytes());
    slot.resize(
        new Allotment(
            new InstanceLimits(bytes, now.limits().threads(), disk),
            memoryPart.bound(),
            tempPart.bound()));
  }
}
