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

  /** The handle in a statement's ticket; empty for tickets of other kinds. */
  static Optional<String> statement(Ticket ticket) {
    try {
      Any any = Any.parseFrom(ticket.getBytes());
      return any.is(TicketStatementQuery.class)
          ? Optional.of(any.unpack(TicketStatementQuery.class).getStatementHandle().toString(UTF_8))
          : Optional.empty();
    } catch (InvalidProtocolBufferException e) {
      throw new PolderException(ErrorCode.BAD_REQUEST, "the ticket is malformed", e);
    }
  }
}
