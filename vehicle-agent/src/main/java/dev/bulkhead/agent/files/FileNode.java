package dev.bulkhead.agent.files;

import dev.bulkhead.agent.sandbox.GuestMemory;

/** A file or a folder of a volume. */
interface FileNode {
    boolean folder();

    /** Bytes of a file; 0 for a folder. */
    int size();

    /** Tells nodes of one volume apart; the same on every run. */
    int number();

    /** Copies up to {@code length} bytes from {@code offset} on to the guest; gives how many there were. The guest's range was checked. */
    int copy(long offset, GuestMemory memory, int address, int length);
}
