/** The one HTTP listener, for all protocols over HTTP: routes, requests, authentication, limits. */
@NullMarked
package dev.polder.http;

import org.jspecify.annotations.NullMarked;
