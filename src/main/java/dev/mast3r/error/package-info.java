/**
 * What can go wrong, as categories a caller can act on. Every failure that is not a defect of ours
 * is a {@link dev.mast3r.error.Mast3rException} with an {@link dev.mast3r.error.ErrorKind}; the
 * command line turns the kind into an exit code. Depends on the JDK alone.
 */
package dev.mast3r.error;
