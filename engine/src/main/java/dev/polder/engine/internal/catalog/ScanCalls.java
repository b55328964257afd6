package dev.polder.engine.internal.catalog;

import dev.polder.engine.catalog.PlannedScan;
import dev.polder.lake.Lake;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.plan.ScanPage;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.rest.requests.PlanTableScanRequest;
import org.apache.iceberg.rest.requests.PlanTableScanRequestParser;

/**
 * Scans that the server plans for one principal. A plan is in no server's memory: its id and its
 * tasks are {@link ScanToken}s, good for whom they were given to, for as long as the files of a
 * version surely are there. Rights are asked for each time. Thread-safe.
 */
record ScanCalls(CatalogScope scope, ScanTurns turns) {
  /** No file that a plan names is deleted sooner. */
  private static final Duration VALID = Duration.ofHours(24);

  private static final int LONGEST_REQUEST = 256 << 10;

  /** What a path can carry beside the rest of a request's head. */
  private static final int LONGEST_ID = 6_000;

  /** In the place of an id that a path cannot carry. */
  private static final String TOO_LONG = "too-large-to-be-fetched";

  PlannedScan plan(TableIdentifier name, PlanTableScanRequest request) {
    PlanTableScanRequest scan = withoutSelect(request);
    if (PlanTableScanRequestParser.toJson(scan).length() > LONGEST_REQUEST) {
      throw new PolderException(
          ErrorCode.STATEMENT_TOO_COMPLEX,
          "the scan's filter and stats-fields take more than "
              + LONGEST_REQUEST
              + " characters of JSON; scan with a coarser filter");
    }
    LakeCollection table = readable(name, true);
    return page(
        new ScanToken(
            scope.engine().clock().instant(),
            scope.identity().id(),
            scope.space(),
            table.id(),
            table.metadataLocation(),
            scan,
            Optional.empty()),
        table);
  }

  /** A plan's first answer once more. */
  PlannedScan fetch(TableIdentifier name, String planId) {
    LakeCollection table = readable(name, true);
    Supplier<PolderException> unknown = () -> noPlan(planId);
    ScanToken plan = checked(ScanToken.plan(lake().secrets(), planId), table).orElseThrow(unknown);
    return stillThere(() -> page(plan, table), unknown);
  }

  /** Nothing is held for a plan that could be let go. */
  void cancel(TableIdentifier name, String planId) {
    LakeCollection table = readable(name, false);
    if (!planId.equals(TOO_LONG)) {
      var _ =
          checked(ScanToken.plan(lake().secrets(), planId), table)
              .orElseThrow(() -> noPlan(planId));
    }
  }

  PlannedScan tasks(TableIdentifier name, String planTask) {
    LakeCollection table = readable(name, false);
    Supplier<PolderException> unknown =
        () ->
            new PolderException(
                ErrorCode.PLAN_TASK_NOT_FOUND,
                "Plan task does not exist: it is none that was given to you for this table in the"
                    + " last "
                    + VALID.toHours()
                    + " hours; plan the scan anew");
    ScanToken task =
        checked(ScanToken.task(lake().secrets(), planTask), table).orElseThrow(unknown);
    return stillThere(() -> page(task, table), unknown);
  }

  private PlannedScan page(ScanToken token, LakeCollection table) {
    return turns.take(
        token.principal(),
        () -> {
          TableMetadata version =
              lake().metadataFiles().table(table.at(token.metadata(), table.seq()));
          ScanPage page = planned(version, token);
          return new PlannedScan(
              version,
              token.range().isPresent() ? "" : id(token),
              page.rest().stream()
                  .map(range -> token.forRange(range).sealed(lake().secrets()))
                  .toList(),
              page.tasks());
        });
  }

  private String id(ScanToken plan) {
    String id = plan.sealed(lake().secrets());
    return id.length() <= LONGEST_ID ? id : TOO_LONG;
  }

  private ScanPage planned(TableMetadata version, ScanToken token) {
    try {
      return lake().tasks().page(version, token.request(), token.range());
    } catch (ValidationException | IllegalArgumentException e) {
      throw Sentences.invalid(e);
    }
  }

  /** A table all of whose rows and columns the principal may read now. */
  private LakeCollection readable(TableIdentifier name, boolean toldInTheTrail) {
    return scope.readBound(
        "PLAN SCAN",
        name.toString(),
        (tx, bound) -> {
          LakeCollection table = TableCalls.readable(scope, tx, bound.access(), name);
          if (toldInTheTrail) {
            scope.handedOut("PLAN SCAN", bound.database(), table);
          }
          return table;
        });
  }

  /** A token is its owner's, for its own table, until it has expired. */
  private Optional<ScanToken> checked(Optional<ScanToken> token, LakeCollection table) {
    Instant now = scope.engine().clock().instant();
    return token
        .filter(it -> it.principal().equals(scope.identity().id()))
        .filter(it -> it.space().equals(scope.space()) && it.table().equals(table.id()))
        .filter(it -> it.at().plus(VALID).isAfter(now));
  }

  /** A version whose files have gone, as those of a tenant that moved, has no plan any more. */
  private static PlannedScan stillThere(
      Supplier<PlannedScan> page, Supplier<PolderException> unknown) {
    try {
      return page.get();
    } catch (PolderException e) {
      if (e.getCause() instanceof NotFoundException) {
        PolderException told = unknown.get();
        told.addSuppressed(e);
        throw told;
      }
      throw e;
    }
  }

  private static PolderException noPlan(String id) {
    return new PolderException(
        ErrorCode.PLAN_NOT_FOUND,
        id.equals(TOO_LONG)
            ? "Plan does not exist: its filter is too large for a plan id; plan the scan anew"
            : "Plan does not exist: the id is none that was given to you for this table in the"
                + " last "
                + VALID.toHours()
                + " hours; plan the scan anew");
  }

  /** Which columns are read changes no plan, and wide tables have many. */
  private static PlanTableScanRequest withoutSelect(PlanTableScanRequest request) {
    return PlanTableScanRequest.builder()
        .withSnapshotId(request.snapshotId())
        .withFilter(request.filter())
        .withCaseSensitive(request.caseSensitive())
        .withUseSnapshotSchema(request.useSnapshotSchema())
        .withStartSnapshotId(request.startSnapshotId())
        .withEndSnapshotId(request.endSnapshotId())
        .withStatsFields(request.statsFields())
        .withMinRowsRequested(request.minRowsRequested())
        .build();
  }

  private Lake lake() {
    return scope.engine().lake();
  }
}
