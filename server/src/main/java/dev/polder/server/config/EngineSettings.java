package dev.polder.server.config;

import java.time.Duration;

/** Limits of the instances that run statements, and of the queue before them. Immutable. */
public record EngineSettings(
    @Key(
            value = "Memory that one instance's queries may hold together, outside the Java heap.",
            derived = "60% of the machine's memory less the Java heap",
            min = "64MiB")
        ByteSize memoryLimit,
    @Key(
            value = "Threads that run one instance's queries.",
            derived = "the number of processors",
            min = "1",
            max = "1024")
        int threads,
    @Key(
            value = "Disk space in data.dir that one instance's queries may spill to.",
            byDefault = "50GiB",
            min = "0B")
        ByteSize maxTemp,
    @Key(
            value = "An instance without statements is stopped after this time.",
            byDefault = "10m",
            min = "1s")
        Duration instanceIdleTimeout,
    @Key(
            value = "Statements that run at once; further ones wait in the queue.",
            derived = "four for each processor, at least 8",
            min = "1",
            max = "10000")
        int maxConcurrentStatements,
    @Key(
            value = "Statements that may wait; further ones are refused with SERVER_BUSY.",
            byDefault = "256",
            min = "0",
            max = "1000000")
        int queueSize,
    @Key(
            value = "A statement that waited this long is refused with SERVER_BUSY.",
            byDefault = "30s",
            min = "0s")
        Duration queueTimeout,
    @Key(
            value = "A statement that runs this long is cancelled; 0s for no limit.",
            byDefault = "10m",
            min = "0s")
        Duration statementTimeout,
    @Key(
            value = "Platform threads with large stacks for native calls.",
            derived = "one for each statement that may run at once, and four",
            min = "1",
            max = "20000")
        int nativeThreads,
    @Key(
            value = "Bytes that results on their way to clients may hold together.",
            derived = "a quarter of engine.memory-limit, at most 2GiB",
            min = "16MiB")
        ByteSize resultBudget) {}
