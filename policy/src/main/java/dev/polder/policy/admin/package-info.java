@NullMarked
package dev.polder.policy.admin;

import org.jspecify.annotations.NullMarked;
