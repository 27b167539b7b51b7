/**
 * The use cases, one public class each: match a pair, estimate a pose, reconstruct, run a list,
 * look after models, diagnose the installation. Network, matching and pose meet only here.
 */
package dev.mast3r.app;
