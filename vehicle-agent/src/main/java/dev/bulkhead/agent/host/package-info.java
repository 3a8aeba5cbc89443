/**
 * The host's side of every function an app imports: one class per import family. Each call checks its pointers and its
 * handle, then one number (the policy epoch), then does its work; what an app touches is counted or recorded here. A
 * guest's lie is answered with a status, never with an exception. No engine type and no policy rule lives here.
 */
@NullMarked
package dev.bulkhead.agent.host;

import org.jspecify.annotations.NullMarked;
