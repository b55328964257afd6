package dev.polder.duck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class NativeThreadsTest {
  private final NativeThreads threads = new NativeThreads(1, 1, 64L << 20);
  private final CountDownLatch busy = new CountDownLatch(1);

  @AfterEach
  void stop() {
    busy.countDown();
    threads.close();
  }

  private Thread occupy() {
    Thread caller =
        Thread.ofVirtual()
            .start(() ->
                threads.call(() -> {
                  busy.await();
                  return 1;
                }));
    await().until(() -> threads.active() == 1);
    return caller;
  }

  @Test
  void calls_run_on_platform_threads_even_from_virtual_ones() throws Exception {
    AtomicBoolean virtual = new AtomicBoolean(true);
    Thread.ofVirtual()
        .start(() -> virtual.set(threads.call(() -> Thread.currentThread().isVirtual())))
        .join();
    assertThat(virtual).isFalse();
  }

  @Test
  void a_call_within_a_call_takes_no_second_thread() {
    assertThat(threads.call(() -> threads.call(() -> 7))).isEqualTo(7);
  }

  @Test
  void stacks_are_deep() {
    assertThat(threads.call(() -> depth(200_000))).isEqualTo(200_000);
  }

  private static int depth(int n) {
    return n == 0 ? 0 : 1 + depth(n - 1);
  }

  @Test
  void calls_beyond_the_queue_are_refused_but_releases_and_the_reserve_still_run()
      throws Exception {
    occupy();
    Thread.ofVirtual().start(() -> threads.call(() -> 2));
    await().until(() -> threads.queued() == 1);
    assertThatThrownBy(() -> threads.call(() -> 3))
        .isInstanceOfSatisfying(
            PolderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVER_BUSY));
    AtomicBoolean released = new AtomicBoolean();
    threads.release(() -> {
      released.set(true);
      return true;
    });
    assertThat(released).isTrue();
    CountDownLatch reserve = new CountDownLatch(1);
    threads.onReserve(reserve::countDown);
    reserve.await();
  }

  @Test
  void a_waiting_caller_that_is_interrupted_takes_its_call_back() throws Exception {
    occupy();
    AtomicBoolean ran = new AtomicBoolean();
    AtomicReference<ErrorCode> code = new AtomicReference<>();
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                threads.call(() -> {
                  ran.set(true);
                  return 1;
                });
              } catch (PolderException e) {
                code.set(e.code());
              }
            });
    await().until(() -> threads.queued() == 1);
    waiting.interrupt();
    waiting.join();
    assertThat(code).hasValue(ErrorCode.STATEMENT_CANCELLED);
    busy.countDown();
    assertThat(threads.call(() -> 1)).isEqualTo(1);
    assertThat(ran).isFalse();
  }

  @Test
  void a_running_call_is_told_of_the_interrupt_and_awaited() throws Exception {
    AtomicReference<Object> outcome = new AtomicReference<>();
    Thread caller =
        Thread.ofVirtual()
            .start(() -> {
              outcome.set(
                  threads.call(
                      () -> {
                        busy.await();
                        return "done";
                      },
                      busy::countDown));
              if (!Thread.currentThread().isInterrupted()) {
                outcome.set("interrupt lost");
              }
            });
    await().until(() -> threads.active() == 1);
    caller.interrupt();
    caller.join();
    assertThat(outcome).hasValue("done");
  }

  @Test
  void failures_of_the_driver_become_the_products() {
    assertThatThrownBy(() ->
            threads.call(() -> {
              throw new SQLException("Parser Error: syntax error at or near \"x\"");
            }))
        .isInstanceOfSatisfying(
            PolderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SYNTAX_ERROR));
  }
}
