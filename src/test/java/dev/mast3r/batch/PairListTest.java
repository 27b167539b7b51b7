package dev.mast3r.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.error.InputException;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairListTest {

  private static final String K = "500 0 320 0 510 240 0 0 1";
  private static final String T = "1 0 0 0.1 0 1 0 0.2 0 0 1 0.3 0 0 0 1";
  private static final Intrinsics INTRINSICS = new Intrinsics(500, 510, 320, 240);

  private static PairList read(String text) {
    return PairList.read(new StringReader(text), "pairs.txt", Path.of("root"));
  }

  private static PairEntry readOne(String text) {
    List<PairEntry> pairs = read(text).pairs();
    assertEquals(1, pairs.size());
    return pairs.get(0);
  }

  private static String messageFor(String text) {
    return assertThrows(InputException.class, () -> read(text)).getMessage();
  }

  @Test
  void readsTwoNames() {
    PairEntry pair = readOne("a.png sub/b.png\n");

    assertEquals("a.png", pair.a().name());
    assertEquals(Path.of("root/sub/b.png"), pair.b().path());
    assertEquals(Optional.empty(), pair.a().intrinsics());
    assertEquals(Optional.empty(), pair.bFromA());
  }

  @Test
  void readsTenColumnsAsFocalLengthsAndPrincipalPoints() {
    PairEntry pair = readOne("a b 500 510 320 240 600 610 330 250");

    assertEquals(Optional.of(INTRINSICS), pair.a().intrinsics());
    assertEquals(Optional.of(new Intrinsics(600, 610, 330, 250)), pair.b().intrinsics());
  }

  @Test
  void readsTwentyColumnsAsCameraMatrices() {
    PairEntry pair = readOne("a b " + K + " 600 0 330 0 610 250 0 0 1");

    assertEquals(Optional.of(INTRINSICS), pair.a().intrinsics());
    assertEquals(Optional.of(new Intrinsics(600, 610, 330, 250)), pair.b().intrinsics());
    assertEquals(Optional.empty(), pair.bFromA());
  }

  @Test
  void readsThirtySixColumnsWithTheMotionFromAToB() {
    PairEntry pair = readOne("a b " + K + " " + K + " 0 -1 0 1 1 0 0 2 0 0 1 3 0 0 0 1");

    Rigid3 bFromA = pair.bFromA().orElseThrow();
    assertEquals(new Point3(1, 2, 3), bFromA.apply(new Point3(0, 0, 0)));
    assertEquals(0, bFromA.apply(new Point3(1, 0, 0)).distanceTo(new Point3(1, 3, 3)), 1e-12);
  }

  @Test
  void readsTheSuperGlueLayoutWithItsTurns() {
    PairEntry pair = readOne("a b 0 3 " + K + " " + K + " " + T);

    assertEquals(0, pair.a().turns().count());
    assertEquals(3, pair.b().turns().count());
    assertEquals(Optional.of(INTRINSICS), pair.a().intrinsics());
    assertEquals(new Point3(0.1, 0.2, 0.3), pair.bFromA().orElseThrow().translation());
  }

  @Test
  void skipsCommentsAndBlankLinesAndKeepsTheOrder() {
    PairList list = read("\uFEFF# head\r\n\r\n  c d # why\r\n\t\r\na b\r\n");

    assertEquals(List.of("c d", "a b"), list.pairs().stream().map(PairEntry::name).toList());
  }

  @Test
  void takesQuotedPathsWithSpacesAndHashes() {
    PairEntry pair = readOne("\"my images/#1.png\"\tb#2.png");

    assertEquals("my images/#1.png", pair.a().name());
    assertEquals("b#2.png", pair.b().name());
  }

  @Test
  void leavesAbsolutePathsAlone() {
    Path absolute = Path.of("x.png").toAbsolutePath();

    assertEquals(absolute, readOne("\"" + absolute + "\" b").a().path());
  }

  @Test
  void readsCsvByColumnNamesInAnyOrder() {
    PairEntry pair =
        readOne(
            """
            tz,image_b,note,image_a,fx_a,fy_a,cx_a,cy_a,qw,qx,qy,qz,tx,ty
            3,"b, ""two"".png", ignored ,a.png,500,510,320,240,2,0,0,0,1,2
            """);

    assertEquals("a.png", pair.a().name());
    assertEquals("b, \"two\".png", pair.b().name());
    assertEquals(Optional.of(INTRINSICS), pair.a().intrinsics());
    assertEquals(Optional.empty(), pair.b().intrinsics());
    assertEquals(
        Optional.of(new Rigid3(Rigid3.identity().rotation(), new Point3(1, 2, 3))), pair.bFromA());
  }

  @Test
  void takesEmptyCsvCellsOfAGroupAsUnknown() {
    PairEntry pair = readOne("image_a,image_b,fx_b,fy_b,cx_b,cy_b\na,b,,,,\n");

    assertEquals(Optional.empty(), pair.b().intrinsics());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a b c | pairs.txt:2: expected 2, 10, 20, 36 or 38 columns, found 3",
        "a b 1 2 3 4 5 6 7 x | pairs.txt:2: expected a number for the intrinsics of B, found \"x\"",
        "a b 1 2 3 4 5 6 7 NaN | pairs.txt:2: expected a finite number for the intrinsics of B,"
            + " found \"NaN\"",
        "a b 0 2 3 4 5 6 7 8 | pairs.txt:2: expected positive focal lengths of A, found 0, 2",
        "a b 5 1 3 0 5 4 0 0 1 5 0 3 0 5 4 0 0 1 | pairs.txt:2: expected K_A as fx 0 cx 0 fy cy"
            + " 0 0 1, found 5 1 3 0 5 4 0 0 1",
        "a b 5 0 3 0 5 4 0 0 1 5 0 3 0 -5 4 0 0 1 | pairs.txt:2: expected positive focal lengths"
            + " in K_B, found 5, -5",
        "a \"b c | pairs.txt:2: expected a closing double quote, found the end of the line",
        "\"a\"b c | pairs.txt:2: expected white space after a closing double quote, found \"b\"",
        "a \"\" | pairs.txt:2: expected a path, found nothing",
      })
  void namesTheLineAndWhatIsWrongInIt(String line, String message) {
    assertEquals(message, messageFor("good.png pair.png\n" + line + "\nbad\n"));
  }

  @Test
  void refusesAMotionThatIsNotRigid() {
    assertEquals(
        "pairs.txt:1: expected a rotation in T_AtoB, found other numbers",
        messageFor("a b " + K + " " + K + " 2 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1"));
    assertEquals(
        "pairs.txt:1: expected 0 0 0 1 as the last row of T_AtoB, found 0 0 1 0",
        messageFor("a b " + K + " " + K + " 1 0 0 0 0 1 0 0 0 0 0 1 0 0 1 0"));
  }

  @Test
  void refusesTurnsThatAreNone() {
    assertEquals(
        "pairs.txt:1: expected 0, 1, 2 or 3 for the turns of B, found \"90\"",
        messageFor("a b 0 90 " + K + " " + K + " " + T));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "image_a,image_b,fx_a,fy_a|x|pairs.txt:1: expected all of the columns fx_a, fy_a, cx_a,"
            + " cy_a, found fx_a, fy_a",
        "image_a,image_b,image_a|x|pairs.txt:1: expected every column once, found \"image_a\""
            + " twice",
        "image_a,image_b|a.png|pairs.txt:2: expected 2 columns as in the header, found 1",
        "image_a,image_b|,b.png|pairs.txt:2: expected a path, found nothing",
        "image_a,image_b,fx_a,fy_a,cx_a,cy_a|a,b,1,,2,3|pairs.txt:2: expected a number in every"
            + " column of fx_a, fy_a, cx_a, cy_a, found nothing in fy_a",
        "image_a,image_b,qw,qx,qy,qz,tx,ty,tz|a,b,0,0,0,0,1,2,3|pairs.txt:2: expected a rotation"
            + " in qw qx qy qz, found 0 0 0 0",
        "image_a,image_b|\"a,b|pairs.txt:2: expected a closing double quote, found the end of the"
            + " line",
        "image_a,image_b|\"a\"x,b|pairs.txt:2: expected a comma after a closing double quote,"
            + " found \"x\"",
      })
  void namesTheLineAndWhatIsWrongInCsv(String header, String row, String message) {
    assertEquals(message, messageFor(header + "\n" + row + "\n"));
  }

  @Test
  void refusesListsWithoutAPair() {
    assertEquals("pairs.txt: expected at least one pair, found none", messageFor("# nothing\n\n"));
    assertEquals(
        "pairs.txt:1: expected at least one pair below the header, found none",
        messageFor("image_a,image_b\n"));
  }

  @Test
  void takesPathsRelativeToTheListUnlessARootIsGiven(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("pairs.txt"), "a.png b.png\n");

    ListedImage beside = PairList.read(file, Optional.empty()).pairs().get(0).a();
    ListedImage rooted = PairList.read(file, Optional.of(Path.of("elsewhere"))).pairs().get(0).a();

    assertEquals(folder.resolve("a.png"), beside.path());
    assertEquals(Path.of("elsewhere/a.png"), rooted.path());
  }

  @Test
  void asksForAHeaderInAFileCalledCsv(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("pairs.csv"), "a.png,b.png\n");

    assertEquals(
        file + ":1: expected a header with the columns image_a and image_b, found \"a.png,b.png\"",
        assertThrows(InputException.class, () -> PairList.read(file, Optional.empty()))
            .getMessage());
  }

  @Test
  void saysThatAFileIsMissingOrNoText(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("none.txt");
    Path binary = Files.write(folder.resolve("image.png"), new byte[] {(byte) 0x89, 'P', -1, -2});

    assertEquals(
        missing + ": no such pair list",
        assertThrows(InputException.class, () -> PairList.read(missing, Optional.empty()))
            .getMessage());
    assertEquals(
        binary + ": expected text in UTF-8, found other bytes",
        assertThrows(InputException.class, () -> PairList.read(binary, Optional.empty()))
            .getMessage());
  }

  @Test
  void readsTheListsOfTheTestData() {
    List<PairEntry> images =
        PairList.read(Path.of("testdata/images/pairs.txt"), Optional.empty()).pairs();
    List<PairEntry> rooms =
        PairList.read(Path.of("testdata/rendered/pairs.txt"), Optional.empty()).pairs();

    assertEquals(0.193001, images.get(0).bFromA().orElseThrow().translation().norm());
    assertEquals(Optional.empty(), images.get(1).bFromA());
    assertEquals(2, rooms.size());
    for (PairEntry pair : List.of(images.get(0), images.get(1), rooms.get(0), rooms.get(1))) {
      assertTrue(Files.exists(pair.a().path()) && Files.exists(pair.b().path()), pair.name());
    }
  }
}
