package dev.mast3r.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.pytorch.jni.JniUtils;
import dev.mast3r.model.SideThreads.Sides;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SideThreadsTest {

  @BeforeAll
  static void startEngine() {
    TorchEngine.start();
  }

  @Test
  void worksOnBothImagesAtOnce() {
    CountDownLatch begun = new CountDownLatch(2);
    try (SideThreads threads = SideThreads.halving(2).orElseThrow()) {
      Sides<String> made = threads.run(() -> meet(begun, "a"), () -> meet(begun, "b"));

      assertEquals(new Sides<>("a", "b"), made);
    }
  }

  private static String meet(CountDownLatch begun, String name) {
    begun.countDown();
    try {
      return begun.await(10, TimeUnit.SECONDS) ? name : "alone";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void halvesTheThreadsOfTheEngineForItsOwnAlone() {
    try (SideThreads threads = SideThreads.halving(6).orElseThrow()) {
      Sides<Integer> used = threads.run(JniUtils::getNumThreads, JniUtils::getNumThreads);

      assertEquals(new Sides<>(3, 3), used);
      assertEquals(6, JniUtils.getNumThreads());
    }
  }

  @Test
  void leavesWhatCannotBeHalved() {
    assertEquals(Optional.empty(), SideThreads.halving(1));
    assertEquals(Optional.empty(), SideThreads.halving(3));
  }

  @Test
  void throwsWhatOneThrewWhenTheOtherIsDone() {
    IllegalStateException failure = new IllegalStateException("a");
    CountDownLatch failed = new CountDownLatch(1);
    AtomicBoolean done = new AtomicBoolean();
    try (SideThreads threads = SideThreads.halving(2).orElseThrow()) {
      IllegalStateException thrown =
          assertThrows(
              IllegalStateException.class,
              () ->
                  threads.run(
                      () -> {
                        failed.countDown();
                        throw failure;
                      },
                      () -> {
                        meet(failed, "b");
                        linger();
                        done.set(true);
                        return "b";
                      }));

      assertSame(failure, thrown);
      assertTrue(done.get());
    }
  }

  /** Long enough for a caller to go on who does not wait. */
  private static void linger() {
    try {
      assertFalse(new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
