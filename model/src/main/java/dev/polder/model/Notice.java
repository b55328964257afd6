package dev.polder.model;

/** Something that a statement tells its user beside its result; doors carry it in their own way. */
public record Notice(String code, String message) {}
