/**
 * Robust fitting that knows no geometry: random sampling, scoring and stopping over an {@link
 * dev.mast3r.robust.Estimator}. Depends on the JDK alone; chance comes from a seed.
 */
package dev.mast3r.robust;
