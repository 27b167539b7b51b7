package dev.mast3r;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The layers and their direction: cli, app, then the packages that know one thing each, geometry
 * and error at the bottom.
 */
class ArchitectureTest {

  private static final String ROOT = "dev.mast3r";

  /** What a package may depend on, beside itself, {@code error} and the JDK. */
  private static final Map<String, Set<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("error", Set.of()),
          Map.entry("geometry", Set.of()),
          Map.entry("dense", Set.of("geometry")),
          Map.entry("image", Set.of("geometry")),
          Map.entry("robust", Set.of()),
          Map.entry("weights", Set.of()),
          Map.entry("match", Set.of("dense", "geometry")),
          Map.entry("refine", Set.of("match", "image", "geometry")),
          Map.entry("sift", Set.of("match", "image", "geometry")),
          Map.entry("pose", Set.of("robust", "geometry", "match", "dense")),
          Map.entry("pose.opencv", Set.of("pose", "robust", "geometry", "match", "dense", "image")),
          Map.entry("model", Set.of("weights", "image", "dense", "match", "geometry")),
          Map.entry("store", Set.of("weights")),
          Map.entry("batch", Set.of("geometry")),
          Map.entry("eval", Set.of("pose", "geometry")),
          Map.entry("output", Set.of("match", "pose", "geometry", "dense", "image")),
          Map.entry("report", Set.of("image", "match", "pose", "geometry", "dense")),
          Map.entry(
              "app",
              Set.of(
                  "geometry",
                  "dense",
                  "image",
                  "robust",
                  "weights",
                  "match",
                  "refine",
                  "sift",
                  "pose",
                  "pose.opencv",
                  "model",
                  "store",
                  "batch",
                  "eval",
                  "output",
                  "report")),
          Map.entry(
              "cli",
              Set.of(
                  "app",
                  "geometry",
                  "dense",
                  "image",
                  "robust",
                  "weights",
                  "match",
                  "pose",
                  "model",
                  "store",
                  "batch",
                  "eval",
                  "output",
                  "report")));

  private static JavaClasses main;

  @BeforeAll
  static void importMainClasses() throws URISyntaxException {
    Path classes = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    main =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPath(classes);
  }

  @Test
  void seesEveryPackageOfTheSourceTree() throws IOException {
    Set<String> inSources = new TreeSet<>();
    Path sources = Path.of("src/main/java/dev/mast3r");
    try (Stream<Path> files = Files.walk(sources)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .map(file -> sources.relativize(file.getParent()).toString().replace('/', '.'))
          .forEach(inSources::add);
    }
    Set<String> imported = new TreeSet<>();
    for (JavaClass type : main) {
      imported.add(relative(type));
    }
    assertEquals(inSources, imported);
    imported.remove("");
    assertTrue(ALLOWED.keySet().containsAll(imported), "packages without a rule: " + imported);
  }

  @Test
  void everyPackageSaysWhatLivesThere() throws IOException {
    List<Path> silent = new ArrayList<>();
    try (Stream<Path> folders = Files.walk(Path.of("src/main/java/dev/mast3r"))) {
      for (Path folder : folders.filter(Files::isDirectory).toList()) {
        if (!Files.exists(folder.resolve("package-info.java"))) {
          silent.add(folder);
        }
      }
    }
    assertEquals(List.of(), silent);
  }

  @Test
  void dependenciesPointDownwards() {
    for (Map.Entry<String, Set<String>> rule : ALLOWED.entrySet()) {
      Set<String> allowed = new HashSet<>(rule.getValue());
      allowed.add(rule.getKey());
      allowed.add("error");
      noClasses()
          .that(resideIn(Set.of(rule.getKey())))
          .should()
          .dependOnClassesThat(ours().and(DescribedPredicate.not(resideIn(allowed))))
          .as(rule.getKey() + " may depend on " + allowed + " only")
          .allowEmptyShould(true)
          .check(main);
    }
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(main);
  }

  @Test
  void foreignLibrariesStayInTheirPackages() {
    onlyIn("ai.djl", Set.of("model"));
    onlyIn("org.opencv", Set.of("image", "sift", "report", "pose.opencv"));
    onlyIn("picocli", Set.of("cli", ""));
  }

  @Test
  void onlyMainTouchesTheProcess() {
    noClasses()
        .that(DescribedPredicate.not(resideIn(Set.of(""))))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .check(main);
  }

  private static void onlyIn(String library, Set<String> packages) {
    noClasses()
        .that(DescribedPredicate.not(resideIn(packages)))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library + "..")
        .as(library + " is used in " + packages + " only")
        .check(main);
  }

  private static DescribedPredicate<JavaClass> ours() {
    return DescribedPredicate.describe(
        "belong to the project",
        type -> type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + "."));
  }

  private static DescribedPredicate<JavaClass> resideIn(Set<String> packages) {
    return DescribedPredicate.describe(
        "reside in " + packages, type -> ours().test(type) && packages.contains(relative(type)));
  }

  private static String relative(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
  }
}
