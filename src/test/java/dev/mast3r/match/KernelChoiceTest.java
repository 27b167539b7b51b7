package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.dense.DescriptorMap;
import dev.mast3r.error.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class KernelChoiceTest {

  @Test
  void autoIsTheVectorKernelWhereItIsAvailable() {
    KernelChoice expected =
        KernelChoice.vectorIsAvailable() ? KernelChoice.VECTOR : KernelChoice.SCALAR;

    assertEquals(expected, KernelChoice.AUTO.resolve());
    assertEquals(KernelChoice.SCALAR, KernelChoice.SCALAR.resolve());
  }

  @Test
  void theEngineComparesWhatAGpuHoldsAndWhatItIsToldTo() {
    assertTrue(KernelChoice.AUTO.isEngine(true));
    assertFalse(KernelChoice.AUTO.isEngine(false));
    assertFalse(KernelChoice.VECTOR.isEngine(true));
    assertTrue(KernelChoice.ENGINE.isEngine(false));
    assertEquals(KernelChoice.AUTO, KernelChoice.ENGINE.inJava());
    assertEquals(KernelChoice.SCALAR, KernelChoice.SCALAR.inJava());
    assertThrows(
        IllegalArgumentException.class,
        () -> new FastReciprocalMatcher(1, KernelChoice.ENGINE, SeedImages.A));
  }

  @Test
  void withoutTheVectorModuleTheScalarKernelGivesTheSame() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                WithoutVectorModule.class.getName())
            .redirectErrorStream(true)
            .start();

    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();

    assertEquals("SCALAR " + WithoutVectorModule.match().hashCode() + " refused", output);
  }

  /** Runs in a Java of its own, started without options. */
  static final class WithoutVectorModule {

    private WithoutVectorModule() {}

    public static void main(String[] arguments) {
      UsageException refusal = assertThrows(UsageException.class, KernelChoice.VECTOR::resolve);
      System.out.println(
          KernelChoice.AUTO.resolve()
              + " "
              + match().hashCode()
              + (refusal.getMessage().contains(VectorModule.NAME) ? " refused" : ""));
    }

    static PixelMatches match() {
      DescriptorMap a = SyntheticDescriptors.view(40, 30, 24, 5, 2, 1.0, 16, 0.02, 1);
      DescriptorMap b = SyntheticDescriptors.view(40, 30, 24, 5, 6, 1.1, 16, 0.02, 2);
      return new FastReciprocalMatcher(2).match(a, b, 2);
    }
  }
}
