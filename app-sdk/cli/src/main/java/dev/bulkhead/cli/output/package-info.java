/**
 * What a person or a program reads: tables, colours, progress, JSON documents, errors. Nothing in here knows what the
 * output is about.
 */
@NullMarked
package dev.bulkhead.cli.output;

import org.jspecify.annotations.NullMarked;
