/**
 * Where models live on disk: one folder each with weights, configuration and a manifest that says
 * what it is, where it came from and how it may be used. Knows files and their hashes; no engine is
 * called here.
 */
package dev.mast3r.store;
