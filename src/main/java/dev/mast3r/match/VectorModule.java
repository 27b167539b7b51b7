package dev.mast3r.match;

/**
 * The JDK's incubating vector module. Java started with {@code --add-modules} has it, but prints a
 * warning on standard error at every start. Started with {@code --add-exports
 * java.base/jdk.internal.module=ALL-UNNAMED} instead, the module is loaded when it is first asked
 * for, in silence, and its code compiles to the same instructions.
 */
final class VectorModule {

  static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /** Returns whether the module is there, loading it if this process may. */
  static boolean isAvailable() {
    return ModuleLayer.boot().findModule(NAME).isPresent() || load();
  }

  private static boolean load() {
    try {
      // a module that is loaded already is found again
      Class.forName("jdk.internal.module.Modules")
          .getMethod("loadModule", String.class)
          .invoke(null, NAME);
      return true;
    } catch (ReflectiveOperationException e) {
      // no export to us, no such module, or a Java that loads modules in another way
      return false;
    }
  }
}
