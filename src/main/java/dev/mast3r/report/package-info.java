/**
 * Pictures and pages for people: what was found, drawn. Pixels only; no statistics are made here.
 */
package dev.mast3r.report;
