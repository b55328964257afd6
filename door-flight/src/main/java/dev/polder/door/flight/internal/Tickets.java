package dev.polder.door.flight.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.Optional;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.impl.FlightSql.TicketStatementQuery;

/** Reads the tickets that clients send back. */
final class Tickets {
  private Tickets() {}

  /** Refuses what is no Flight SQL ticket at all. */
  static void check(Ticket ticket) {
    if (!any(ticket).getTypeUrl().startsWith("type.googleapis.com/arrow.flight.protocol.sql.")) {
      throw new PolderException(ErrorCode.BAD_REQUEST, "the ticket is not one of Flight SQL's");
    }
    statement(ticket);
  }

  private static Any any(Ticket ticket) {
    try {
      return Any.parseFrom(ticket.getBytes());
    } catch (InvalidProtocolBufferException e) {
      throw new PolderException(ErrorCode.BAD_REQUEST, "the ticket is malformed", e);
    }
  }

  /** The handle in a statement's ticket; empty for tickets of other kinds. */
  static Optional<String> statement(Ticket ticket) {
    try {
      Any any = any(ticket);
      return any.is(TicketStatementQuery.class)
          ? Optional.of(any.unpack(TicketStatementQuery.class).getStatementHandle().toString(UTF_8))
          : Optional.empty();
    } catch (InvalidProtocolBufferException e) {
      throw new PolderException(ErrorCode.BAD_REQUEST, "the ticket is malformed", e);
    }
  }
}
