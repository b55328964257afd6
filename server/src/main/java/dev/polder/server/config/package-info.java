/** The configuration: one YAML file and the environment, read into records and explained. */
@NullMarked
package dev.polder.server.config;

import org.jspecify.annotations.NullMarked;
