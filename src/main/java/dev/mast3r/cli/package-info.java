/**
 * The command line: options to option records, results to streams and files, failures to exit
 * codes. No arithmetic.
 */
package dev.mast3r.cli;
