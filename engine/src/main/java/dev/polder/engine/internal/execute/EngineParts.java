package dev.polder.engine.internal.execute;

import dev.polder.duck.NativeThreads;
import dev.polder.engine.EngineOptions;
import dev.polder.engine.internal.admission.Admission;
import dev.polder.engine.internal.instance.SpaceInstances;
import dev.polder.engine.internal.quota.Quotas;
import dev.polder.engine.internal.session.SessionRegistry;
import dev.polder.engine.internal.source.SourceClients;
import dev.polder.engine.internal.staging.StagingFiles;
import dev.polder.lake.Lake;
import dev.polder.metastore.Metastore;
import dev.polder.policy.AccessControl;
import dev.polder.policy.AuditLog;
import dev.polder.policy.Authenticator;
import dev.polder.sql.analyse.QueryAnalyzer;
import dev.polder.sql.authorise.Authorizer;
import dev.polder.sql.authorise.PolicyExpression;
import dev.polder.sql.bind.Binder;
import dev.polder.sql.bind.ReadableFiles;
import java.time.Clock;
import org.apache.arrow.memory.BufferAllocator;

/** What the execution of statements works with; one of each per server. */
public record EngineParts(
    EngineOptions options,
    Metastore metastore,
    Lake lake,
    ReadableFiles files,
    Authenticator authenticator,
    AccessControl accessControl,
    AuditLog auditLog,
    StatementCache statements,
    QueryAnalyzer analyzer,
    Authorizer authorizer,
    Binder binder,
    PolicyExpression policyExpression,
    NativeThreads nativeThreads,
    Admission admission,
    SpaceInstances instances,
    Quotas quotas,
    StagingFiles staging,
    SessionRegistry sessions,
    ConstantCache constants,
    SourceClients sources,
    BufferAllocator memory,
    Clock clock) {
  /** Failures that a quota is to blame for say so. */
  public QuotaErrors quotaErrors() {
    return new QuotaErrors(instances);
  }
}
